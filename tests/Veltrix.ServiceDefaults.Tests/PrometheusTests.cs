using System.Diagnostics.Metrics;
using Microsoft.Extensions.DependencyInjection;

namespace Veltrix.ServiceDefaults.Tests;

public sealed class PrometheusTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Metrics_OfOurMeters_AreWrittenInTheTextFormat()
    {
        await using var service = await TestService.StartAsync(
            settings: [("OTEL_SERVICE_NAME", "golden"), ("OTEL_RESOURCE_ATTRIBUTES", "service.instance.id=abcdefgh")]
        );
        using var meter = service.App.Services.GetRequiredService<IMeterFactory>().Create("Veltrix.Golden");
        var events = meter.CreateCounter<long>(
            "veltrix.golden.events",
            "{event}",
            "Events, by what \"became\" of them.\nTwo lines \\."
        );
        events.Add(3, new("outcome", "accepted"), new("odd.key", "a\"b\\c\nd"));
        events.Add(1, new("outcome", "rejected"), new("odd.key", null));
        meter.CreateObservableGauge("veltrix.golden.bytes_in_flight", () => 1_048_576L, "By", "Bytes in flight.");
        meter.CreateUpDownCounter<double>("veltrix.golden.workers").Add(-1.5);
        var duration = meter.CreateHistogram<double>("veltrix.golden.duration", "s", "Time to the answer.");
        foreach (var seconds in new[] { 0.0004, 0.004, 0.004, 0.3, 100 })
            duration.Record(seconds, new KeyValuePair<string, object?>("ok", true));

        using var response = await service.Client.GetAsync("/metrics", Cancellation);

        response.Content.Headers.ContentType!.ToString().ShouldBe("text/plain; version=0.0.4; charset=utf-8");
        var page = await response.Content.ReadAsStringAsync(Cancellation);
        var golden = string.Join(
            '\n',
            page.Split('\n').Where(line => line.Contains("veltrix_golden", StringComparison.Ordinal))
        );
        golden.ShouldBe(
            """
            # HELP veltrix_golden_bytes_in_flight_bytes Bytes in flight.
            # TYPE veltrix_golden_bytes_in_flight_bytes gauge
            veltrix_golden_bytes_in_flight_bytes 1048576
            # HELP veltrix_golden_duration_seconds Time to the answer.
            # TYPE veltrix_golden_duration_seconds histogram
            veltrix_golden_duration_seconds_bucket{ok="true",le="0.0005"} 1
            veltrix_golden_duration_seconds_bucket{ok="true",le="0.001"} 1
            veltrix_golden_duration_seconds_bucket{ok="true",le="0.0025"} 1
            veltrix_golden_duration_seconds_bucket{ok="true",le="0.005"} 3
            veltrix_golden_duration_seconds_bucket{ok="true",le="0.01"} 3
            veltrix_golden_duration_seconds_bucket{ok="true",le="0.025"} 3
            veltrix_golden_duration_seconds_bucket{ok="true",le="0.05"} 3
            veltrix_golden_duration_seconds_bucket{ok="true",le="0.1"} 3
            veltrix_golden_duration_seconds_bucket{ok="true",le="0.25"} 3
            veltrix_golden_duration_seconds_bucket{ok="true",le="0.5"} 4
            veltrix_golden_duration_seconds_bucket{ok="true",le="1"} 4
            veltrix_golden_duration_seconds_bucket{ok="true",le="2.5"} 4
            veltrix_golden_duration_seconds_bucket{ok="true",le="5"} 4
            veltrix_golden_duration_seconds_bucket{ok="true",le="10"} 4
            veltrix_golden_duration_seconds_bucket{ok="true",le="30"} 4
            veltrix_golden_duration_seconds_bucket{ok="true",le="60"} 4
            veltrix_golden_duration_seconds_bucket{ok="true",le="+Inf"} 5
            veltrix_golden_duration_seconds_sum{ok="true"} 100.3084
            veltrix_golden_duration_seconds_count{ok="true"} 5
            # HELP veltrix_golden_events_total Events, by what "became" of them.\nTwo lines \\.
            # TYPE veltrix_golden_events_total counter
            veltrix_golden_events_total{odd_key="a\"b\\c\nd",outcome="accepted"} 3
            veltrix_golden_events_total{odd_key="",outcome="rejected"} 1
            # HELP veltrix_golden_workers veltrix.golden.workers
            # TYPE veltrix_golden_workers gauge
            veltrix_golden_workers -1.5
            """
        );
        page.ShouldContain(
            "target_info{service_instance_id=\"abcdefgh\",service_name=\"golden\",service_namespace=\"veltrix\""
        );
    }

    [Fact]
    public async Task Metrics_OfTwoMetersWithOneName_ShareAHeader()
    {
        await using var service = await TestService.StartAsync();
        var meters = service.App.Services.GetRequiredService<IMeterFactory>();
        using var one = meters.Create("Veltrix.One");
        using var two = meters.Create("Veltrix.Two");
        one.CreateCounter<long>("veltrix.shared.events").Add(1);
        two.CreateCounter<long>("veltrix.shared.events").Add(2);

        var page = await service.Client.GetStringAsync("/metrics", Cancellation);

        page.Split('\n')
            .Where(line => line.Contains("veltrix_shared", StringComparison.Ordinal))
            .ShouldBe([
                "# HELP veltrix_shared_events_total veltrix.shared.events",
                "# TYPE veltrix_shared_events_total counter",
                "veltrix_shared_events_total{otel_scope_name=\"Veltrix.One\"} 1",
                "veltrix_shared_events_total{otel_scope_name=\"Veltrix.Two\"} 2",
            ]);
    }

    [Fact]
    public async Task Metrics_OfTheFramework_AreThere()
    {
        await using var service = await TestService.StartAsync();
        using var unknown = await service.Client.GetAsync("/nowhere", Cancellation);

        var page = await service.Client.GetStringAsync("/metrics", Cancellation);

        page.ShouldContain("\nhttp_server_request_duration_seconds_bucket{");
        page.ShouldContain("\nkestrel_active_connections{");
        page.ShouldContain("\ndotnet_gc_collections_total{");
    }

    [Fact]
    public async Task Metrics_ScrapedConcurrently_AreWholeEachTime()
    {
        await using var service = await TestService.StartAsync();

        var pages = await Task.WhenAll(
            Enumerable.Range(0, 16).Select(_ => service.Client.GetStringAsync("/metrics", Cancellation))
        );

        foreach (var page in pages)
        {
            page.ShouldEndWith("\n");
            page.Split('\n')
                .Count(line => line.StartsWith("# TYPE target_info ", StringComparison.Ordinal))
                .ShouldBe(1);
            page.Split('\n')
                .Count(line => line.StartsWith("# TYPE dotnet_gc_collections_total ", StringComparison.Ordinal))
                .ShouldBe(1);
        }
    }
}
