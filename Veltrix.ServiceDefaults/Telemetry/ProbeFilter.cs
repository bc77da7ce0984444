using System.Diagnostics;
using OpenTelemetry;

namespace Veltrix.ServiceDefaults.Telemetry;

/// <summary>Keeps the spans of health probes and scrapes from being exported: several per second that say nothing.</summary>
internal sealed class ProbeFilter : BaseProcessor<Activity>
{
    private static readonly string[] Paths = ["/health", "/alive", "/metrics"];

    public override void OnEnd(Activity data)
    {
        if (data.GetTagItem("url.path") is string path && Paths.Contains(path, StringComparer.Ordinal))
            data.ActivityTraceFlags &= ~ActivityTraceFlags.Recorded;
    }
}
