using System.Diagnostics.Metrics;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using OpenTelemetry;
using OpenTelemetry.Logs;
using OpenTelemetry.Metrics;
using OpenTelemetry.Resources;
using OpenTelemetry.Trace;

namespace Veltrix.ServiceDefaults.Telemetry;

/// <summary>
/// OpenTelemetry from the framework's own instruments: <c>/metrics</c> always, OTLP for metrics, traces and logs when
/// <c>OTEL_EXPORTER_OTLP_ENDPOINT</c> is set.
/// </summary>
internal static class TelemetryExtensions
{
    private const string OtlpEndpoint = "OTEL_EXPORTER_OTLP_ENDPOINT";

    private static readonly string[] FrameworkMeters =
    [
        "Microsoft.AspNetCore.Hosting",
        "Microsoft.AspNetCore.Server.Kestrel",
        "System.Net.Http",
        "System.Runtime",
        "Npgsql",
    ];

    private static readonly string[] FrameworkSources = ["Microsoft.AspNetCore", "System.Net.Http", "Npgsql"];

    /// <summary>Seconds. Our aims lie between 1 and 50 ms; the SDK's buckets for seconds start at 5 ms.</summary>
    private static readonly double[] DurationBounds =
    [
        0.0005,
        0.001,
        0.0025,
        0.005,
        0.01,
        0.025,
        0.05,
        0.1,
        0.25,
        0.5,
        1,
        2.5,
        5,
        10,
        30,
        60,
    ];

    public static void AddTelemetry(this IHostApplicationBuilder builder, NodeIdentity node)
    {
        var exportsOtlp = !string.IsNullOrWhiteSpace(builder.Configuration[OtlpEndpoint]);
        builder.Services.AddSingleton<PrometheusExporter>();
        var telemetry = builder
            .Services.AddOpenTelemetry()
            .ConfigureResource(resource =>
                resource.AddService(node.Service, serviceNamespace: "veltrix", serviceInstanceId: node.Instance)
            )
            .WithMetrics(metrics =>
                metrics
                    .AddMeter([TelemetryNames.Prefix + "*", .. FrameworkMeters])
                    .AddView(OwnDurations)
                    .AddReader(services => new BaseExportingMetricReader(
                        services.GetRequiredService<PrometheusExporter>()
                    ))
            )
            .WithTracing(tracing => ConfigureTracing(tracing, exportsOtlp));
        if (!exportsOtlp)
            return;
        telemetry.UseOtlpExporter();
        builder.Logging.AddOpenTelemetry(logs =>
        {
            logs.IncludeFormattedMessage = true;
            logs.IncludeScopes = true;
        });
    }

    private static void ConfigureTracing(TracerProviderBuilder tracing, bool exportsOtlp)
    {
        // Nobody would see the spans, and the integrations listen to their sources all the same: sample none.
        if (!exportsOtlp)
        {
            tracing.SetSampler(new AlwaysOffSampler());
            return;
        }
        tracing.AddSource([TelemetryNames.Prefix + "*", .. FrameworkSources]).AddProcessor(new ProbeFilter());
    }

    private static ExplicitBucketHistogramConfiguration? OwnDurations(Instrument instrument) =>
        instrument is Histogram<double> { Unit: "s" }
        && instrument.Meter.Name.StartsWith(TelemetryNames.Prefix, StringComparison.Ordinal)
            ? new ExplicitBucketHistogramConfiguration { Boundaries = DurationBounds }
            : null;
}
