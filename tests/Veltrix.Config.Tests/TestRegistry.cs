using System.Text.Json;
using Microsoft.Extensions.Logging.Abstractions;
using Veltrix.Config.Nodes;
using Veltrix.Config.Versions;
using Veltrix.Configuration;

namespace Veltrix.Config.Tests;

/// <summary>A registry without a service around it.</summary>
internal static class TestRegistry
{
    public static NodeRegistry New(TimeProvider time, CurrentVersion? current = null, MinuteQueue? minutes = null) =>
        new(
            current ?? new CurrentVersion(),
            new FleetClock(time),
            minutes ?? new MinuteQueue(),
            time,
            NullLogger<NodeRegistry>.Instance
        );

    public static void Report(this NodeRegistry registry, NodeReport report) =>
        registry.Report(report, JsonSerializer.SerializeToUtf8Bytes(report, ConfigurationJson.Default.NodeReport));
}
