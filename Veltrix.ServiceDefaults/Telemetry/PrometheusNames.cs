using System.Text;

namespace Veltrix.ServiceDefaults.Telemetry;

/// <summary>
/// Translates OpenTelemetry's names to Prometheus' conventions: snake case, the unit in full, <c>_total</c> on counters.
/// Source: OpenTelemetry specification, compatibility/prometheus_and_openmetrics.
/// </summary>
internal static class PrometheusNames
{
    /// <summary>Suffixes that belong to the series of a histogram.</summary>
    private static readonly string[] Reserved = ["_count", "_sum", "_bucket"];

    public static string Metric(string name, string unit, PrometheusType type)
    {
        var text = Sanitize(name);
        text = WithSuffix(text, Unit(unit, type));
        if (type == PrometheusType.Counter)
            return WithSuffix(text, "total");
        // "dotnet.thread_pool.thread.count" would end like a series of a histogram, which promtool refuses.
        return type == PrometheusType.Gauge && Reserved.Any(suffix => text.EndsWith(suffix, StringComparison.Ordinal))
            ? text + "_current"
            : text;
    }

    /// <summary>Label names: letters, digits and underscores, no digit first.</summary>
    public static string Label(string name) => Sanitize(name);

    private static string WithSuffix(string name, string suffix) =>
        suffix.Length == 0 || name.EndsWith("_" + suffix, StringComparison.Ordinal) ? name : $"{name}_{suffix}";

    private static string Sanitize(string name)
    {
        var text = new StringBuilder(name.Length + 1);
        if (name.Length > 0 && char.IsAsciiDigit(name[0]))
            text.Append('_');
        foreach (var character in name)
            if (char.IsAsciiLetterOrDigit(character))
                text.Append(character);
            else if (text.Length > 0 && text[^1] != '_')
                text.Append('_');
        return text.ToString().TrimEnd('_');
    }

    /// <summary>UCUM units. Annotations such as <c>{event}</c> are no unit.</summary>
    private static string Unit(string unit, PrometheusType type)
    {
        if (unit.IndexOf('{') >= 0)
            return unit.EndsWith("/s", StringComparison.Ordinal) ? "per_second" : "";
        var per = unit.IndexOf('/');
        if (per > 0)
            return $"{Full(unit[..per])}_per_{Full(unit[(per + 1)..]).TrimEnd('s')}";
        if (string.Equals(unit, "1", StringComparison.Ordinal))
            return type == PrometheusType.Gauge ? "ratio" : "";
        return Full(unit);
    }

    private static string Full(string unit) =>
        unit switch
        {
            "" => "",
            "s" => "seconds",
            "ms" => "milliseconds",
            "us" => "microseconds",
            "ns" => "nanoseconds",
            "min" => "minutes",
            "h" => "hours",
            "d" => "days",
            "By" => "bytes",
            "KiBy" => "kibibytes",
            "MiBy" => "mebibytes",
            "%" => "percent",
            _ => Sanitize(unit),
        };
}
