using Veltrix.ServiceDefaults.Telemetry;

namespace Veltrix.ServiceDefaults.Tests;

public sealed class PrometheusNamesTests
{
    [Theory]
    [InlineData("veltrix.ingest.events", "{event}", PrometheusType.Counter, "veltrix_ingest_events_total")]
    [InlineData("veltrix.ingest.duration", "s", PrometheusType.Histogram, "veltrix_ingest_duration_seconds")]
    [InlineData("veltrix.ingest.bytes_in_flight", "By", PrometheusType.Gauge, "veltrix_ingest_bytes_in_flight_bytes")]
    [InlineData(
        "dotnet.thread_pool.thread.count",
        "{thread}",
        PrometheusType.Gauge,
        "dotnet_thread_pool_thread_count_current"
    )]
    [InlineData("dotnet.gc.pause.time", "s", PrometheusType.Counter, "dotnet_gc_pause_time_seconds_total")]
    [InlineData("cache.hits", "1", PrometheusType.Gauge, "cache_hits_ratio")]
    [InlineData("network.io", "By/s", PrometheusType.Gauge, "network_io_bytes_per_second")]
    [InlineData("queue.rate", "{item}/s", PrometheusType.Gauge, "queue_rate_per_second")]
    [InlineData("already.total", "", PrometheusType.Counter, "already_total")]
    [InlineData("9--odd..name-", "", PrometheusType.Gauge, "_9_odd_name")]
    public void Metric_ByConvention_IsNamed(string name, string unit, object type, string expected) =>
        PrometheusNames.Metric(name, unit, (PrometheusType)type).ShouldBe(expected);
}
