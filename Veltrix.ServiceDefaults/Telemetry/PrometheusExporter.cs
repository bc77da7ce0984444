using System.Text;
using OpenTelemetry;
using OpenTelemetry.Metrics;
using OpenTelemetry.Resources;

namespace Veltrix.ServiceDefaults.Telemetry;

/// <summary>Collects when it is scraped, never by itself.</summary>
[ExportModes(ExportModes.Pull)]
internal sealed class PrometheusExporter : BaseExporter<Metric>, IPullMetricExporter
{
    private static readonly TimeSpan CollectLimit = TimeSpan.FromSeconds(5);
    private readonly SemaphoreSlim _oneScrape = new(1);
    private byte[] _page = [];

    /// <summary>Set by the reader that this exporter is attached to.</summary>
    public Func<int, bool>? Collect { get; set; }

    /// <summary>The metrics of now. Scrapes at the same time wait for each other: the SDK collects once at a time.</summary>
    /// <returns>Null when the collection failed.</returns>
    public async Task<ReadOnlyMemory<byte>?> ScrapeAsync(CancellationToken cancellation)
    {
        await _oneScrape.WaitAsync(cancellation);
        try
        {
            return Collect?.Invoke((int)CollectLimit.TotalMilliseconds) is true ? _page : null;
        }
        finally
        {
            _oneScrape.Release();
        }
    }

    public override ExportResult Export(in Batch<Metric> batch)
    {
        var families = new SortedDictionary<string, (PrometheusType Type, List<Metric> Metrics)>(
            StringComparer.Ordinal
        );
        foreach (var metric in batch)
        {
            if (TypeOf(metric.MetricType) is not { } type)
                continue;
            var name = PrometheusNames.Metric(metric.Name, metric.Unit, type);
            if (!families.TryGetValue(name, out var family))
                families.Add(name, family = (type, []));
            // A second meter that means something else by the name cannot be shown beside the first.
            if (family.Type == type)
                family.Metrics.Add(metric);
        }

        var text = new PrometheusText();
        text.WriteInformation(
            "target_info",
            "The service that this page is from.",
            (ParentProvider?.GetResource() ?? Resource.Empty).Attributes.Select(attribute =>
                KeyValuePair.Create(attribute.Key, (object?)attribute.Value)
            )
        );
        foreach (var (name, family) in families)
            text.WriteFamily(name, family.Type, family.Metrics);
        _page = Encoding.UTF8.GetBytes(text.ToString());
        return ExportResult.Success;
    }

    protected override void Dispose(bool disposing)
    {
        if (disposing)
            _oneScrape.Dispose();
        base.Dispose(disposing);
    }

    /// <summary>Null for exponential histograms, which the text format cannot carry.</summary>
    private static PrometheusType? TypeOf(MetricType type) =>
        type switch
        {
            MetricType.LongSum or MetricType.DoubleSum => PrometheusType.Counter,
            MetricType.Histogram => PrometheusType.Histogram,
            MetricType.ExponentialHistogram => null,
            _ => PrometheusType.Gauge,
        };
}
