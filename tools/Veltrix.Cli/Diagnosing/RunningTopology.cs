using System.Text.RegularExpressions;
using Confluent.Kafka;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Veltrix.Configuration;
using Veltrix.Configuration.Diagnoses;
using Veltrix.Events;
using Veltrix.Kafka;

namespace Veltrix.Cli.Diagnosing;

/// <summary>Reads what is there from a running Kafka. The configuration service has a reader of its own, which goes on reading.</summary>
internal static partial class RunningTopology
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

    /// <summary>Whether <paramref name="text"/> is a list of <c>host:port</c>, as Kafka's clients take it.</summary>
    public static bool IsAddress(string text) => BootstrapServers().IsMatch(text);

    /// <exception cref="CliException">No broker answers within ten seconds, or the client library is missing.</exception>
    public static async Task<Topology> ReadAsync(string bootstrapServers, CancellationToken cancellation)
    {
        try
        {
            // The client library blocks.
            return await Task.Run(() => ReadTopologyAsync(bootstrapServers), cancellation).WaitAsync(cancellation);
        }
        catch (KafkaException failure)
        {
            throw Unreachable(bootstrapServers, failure.Error.Reason);
        }
        catch (DllNotFoundException failure)
        {
            throw Unreachable(bootstrapServers, $"the client library librdkafka is missing: {failure.Message}");
        }
    }

    private static async Task<Topology> ReadTopologyAsync(string bootstrapServers)
    {
        // Through Aspire's client, as services do: it also knows where the native library is.
        var builder = Host.CreateEmptyApplicationBuilder(new HostApplicationBuilderSettings());
        builder.Configuration[$"ConnectionStrings:{ClusterConfiguration.Served}"] = bootstrapServers;
        builder.AddKafkaProducer<Null, Null>(
            ClusterConfiguration.Served,
            settings =>
            {
                settings.DisableHealthChecks = true;
                settings.DisableMetrics = true;
            }
        );
        using var host = builder.Build();
        using var admin = new DependentAdminClientBuilder(
            host.Services.GetRequiredService<IProducer<Null, Null>>().Handle
        ).Build();
        return await admin.ReadTopologyAsync(Patience);
    }

    private static CliException Unreachable(string bootstrapServers, string reason) =>
        new(ErrorCatalogue.ServiceUnreachable, $"Kafka at {bootstrapServers} cannot be looked at: {reason}");

    // kafka-1:9092,kafka-2:9092 or [::1]:9092
    [GeneratedRegex(
        @"^(\[[0-9a-fA-F:.]+\]|[^\s,:/\\\[\]]+):[0-9]{1,5}(,(\[[0-9a-fA-F:.]+\]|[^\s,:/\\\[\]]+):[0-9]{1,5})*\z",
        RegexOptions.ExplicitCapture,
        matchTimeoutMilliseconds: 1_000
    )]
    private static partial Regex BootstrapServers();
}
