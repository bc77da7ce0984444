using System.Globalization;
using System.Text;
using OpenTelemetry.Metrics;

namespace Veltrix.ServiceDefaults.Telemetry;

/// <summary>Writes metrics in Prometheus' text format 0.0.4. One use.</summary>
internal sealed class PrometheusText
{
    public const string ContentType = "text/plain; version=0.0.4; charset=utf-8";

    private readonly StringBuilder _text = new(16 * 1024);

    public override string ToString() => _text.ToString();

    /// <summary>
    /// One family: all metrics that bear the same Prometheus name. A name may have one header only, so metrics of several
    /// meters share it and are told apart by the label <c>otel_scope_name</c>.
    /// </summary>
    public void WriteFamily(string name, PrometheusType type, IReadOnlyList<Metric> metrics)
    {
        var help = metrics.Select(metric => metric.Description).FirstOrDefault(text => !string.IsNullOrEmpty(text));
        WriteHeader(name, type, help ?? metrics[0].Name);
        foreach (var metric in metrics)
        {
            var scope = metrics.Count > 1 ? metric.MeterName : null;
            foreach (ref readonly var point in metric.GetMetricPoints())
                WritePoint(name, metric.MetricType, Labels(point.Tags, scope), in point);
        }
    }

    /// <summary>A gauge that is always 1: its labels are the information.</summary>
    public void WriteInformation(string name, string help, IEnumerable<KeyValuePair<string, object?>> labels)
    {
        WriteHeader(name, PrometheusType.Gauge, help);
        WriteSample(name, "", Render(labels), "1");
    }

    private void WriteHeader(string name, PrometheusType type, string help)
    {
        var escaped = help.Replace("\\", "\\\\", StringComparison.Ordinal)
            .Replace("\n", "\\n", StringComparison.Ordinal);
        _text.Append("# HELP ").Append(name).Append(' ').Append(escaped).Append('\n');
        _text.Append("# TYPE ").Append(name).Append(' ').Append(type.ToString().ToLowerInvariant()).Append('\n');
    }

    private void WritePoint(string name, MetricType type, string labels, ref readonly MetricPoint point)
    {
        if (type == MetricType.Histogram)
            WriteHistogram(name, labels, in point);
        else
            WriteSample(name, "", labels, Value(type, in point));
    }

    private static string Value(MetricType type, ref readonly MetricPoint point) =>
        type switch
        {
            MetricType.LongSum or MetricType.LongSumNonMonotonic => Number(point.GetSumLong()),
            MetricType.DoubleSum or MetricType.DoubleSumNonMonotonic => Number(point.GetSumDouble()),
            MetricType.LongGauge => Number(point.GetGaugeLastValueLong()),
            _ => Number(point.GetGaugeLastValueDouble()),
        };

    private void WriteHistogram(string name, string labels, ref readonly MetricPoint point)
    {
        long cumulative = 0;
        foreach (var bucket in point.GetHistogramBuckets())
        {
            cumulative += bucket.BucketCount;
            var bound = $"le=\"{Number(bucket.ExplicitBound)}\"";
            WriteSample(name, "_bucket", labels.Length == 0 ? bound : $"{labels},{bound}", Number(cumulative));
        }
        WriteSample(name, "_sum", labels, Number(point.GetHistogramSum()));
        WriteSample(name, "_count", labels, Number(point.GetHistogramCount()));
    }

    private void WriteSample(string name, string suffix, string labels, string value)
    {
        _text.Append(name).Append(suffix);
        if (labels.Length > 0)
            _text.Append('{').Append(labels).Append('}');
        _text.Append(' ').Append(value).Append('\n');
    }

    private static string Labels(OpenTelemetry.ReadOnlyTagCollection tags, string? scope)
    {
        var pairs = new List<KeyValuePair<string, object?>>(tags.Count + 1);
        foreach (var tag in tags)
            pairs.Add(tag);
        if (scope is not null)
            pairs.Add(new("otel_scope_name", scope));
        return pairs.Count == 0 ? "" : Render(pairs);
    }

    /// <summary>Tags whose names become the same label share it, their values joined, as the specification has it.</summary>
    private static string Render(IEnumerable<KeyValuePair<string, object?>> tags) =>
        string.Join(
            ',',
            tags.GroupBy(tag => PrometheusNames.Label(tag.Key), StringComparer.Ordinal)
                .OrderBy(label => label.Key, StringComparer.Ordinal)
                .Select(label => $"{label.Key}=\"{Escape(string.Join(';', label.Select(tag => Text(tag.Value))))}\"")
        );

    private static string Text(object? value) =>
        value switch
        {
            null => "",
            bool flag => flag ? "true" : "false",
            IFormattable formattable => formattable.ToString(null, CultureInfo.InvariantCulture),
            _ => value.ToString() ?? "",
        };

    private static string Escape(string value) =>
        value
            .Replace("\\", "\\\\", StringComparison.Ordinal)
            .Replace("\"", "\\\"", StringComparison.Ordinal)
            .Replace("\n", "\\n", StringComparison.Ordinal);

    private static string Number(long value) => value.ToString(CultureInfo.InvariantCulture);

    private static string Number(double value) =>
        value switch
        {
            double.PositiveInfinity => "+Inf",
            double.NegativeInfinity => "-Inf",
            _ => value.ToString("R", CultureInfo.InvariantCulture),
        };
}
