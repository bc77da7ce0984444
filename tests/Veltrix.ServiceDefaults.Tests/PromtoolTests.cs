using System.Diagnostics.Metrics;
using Microsoft.Extensions.DependencyInjection;
using Veltrix.Testing;

namespace Veltrix.ServiceDefaults.Tests;

public sealed class PromtoolTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task CheckMetrics_OfAServiceThatWorked_FindsNothing()
    {
        var promtool = await NativeTools.PromtoolAsync(Cancellation);
        await using var service = await TestService.StartAsync();
        RecordOurInstruments(service);
        using var unknown = await service.Client.GetAsync("/nowhere", Cancellation);
        var page = await service.Client.GetStringAsync("/metrics", Cancellation);

        var (exitCode, output, errors) = await promtool.RunAsync(["check", "metrics"], page, Cancellation);

        (output + errors).ShouldBeEmpty();
        exitCode.ShouldBe(0);
    }

    /// <summary>Instruments of each kind, as the services make them.</summary>
    private static void RecordOurInstruments(TestService service)
    {
        using var meter = service.App.Services.GetRequiredService<IMeterFactory>().Create("Veltrix.Test");
        foreach (var name in new[] { TelemetryNames.IngestEvents, TelemetryNames.ProcessorEvents })
            meter
                .CreateCounter<long>(name, "{event}", "Events.")
                .Add(1, new KeyValuePair<string, object?>("outcome", "accepted"));
        foreach (
            var name in new[]
            {
                TelemetryNames.IngestDuration,
                TelemetryNames.ProcessorBatchDuration,
                TelemetryNames.ProcessorEndToEndDuration,
            }
        )
            meter.CreateHistogram<double>(name, "s", "Seconds.").Record(0.01);
        meter.CreateUpDownCounter<long>(TelemetryNames.IngestBytesInFlight, "By", "Bytes.").Add(1);
        meter.CreateUpDownCounter<long>(TelemetryNames.ProcessorWorkers, "{worker}", "Workers.").Add(1);
        meter.CreateObservableGauge(TelemetryNames.NodeConfigurationVersion, () => 1, null, "Version.");
    }
}
