using System.Globalization;
using Veltrix.Configuration;

namespace Veltrix.Admin.Components.Shared;

/// <summary>Numbers and times as operators read them: three significant digits, units always, UTC always.</summary>
internal static class Format
{
    /// <summary>What stands where nothing is known.</summary>
    public const string Nothing = "–";

    private static readonly CultureInfo Culture = CultureInfo.InvariantCulture;

    /// <summary>A rate: <c>0.25</c>, <c>12.4</c>, <c>5,787</c>.</summary>
    public static string Rate(double perSecond) =>
        perSecond switch
        {
            0 => "0",
            < 1 => perSecond.ToString("0.##", Culture),
            < 100 => perSecond.ToString("0.#", Culture),
            _ => perSecond.ToString("#,0", Culture),
        };

    /// <summary>A latency: <c>0.8 ms</c>, <c>12 ms</c>, <c>1.5 s</c>, <c>3 min</c>.</summary>
    public static string Milliseconds(double? milliseconds) =>
        milliseconds switch
        {
            null => Nothing,
            < 10 => string.Create(Culture, $"{milliseconds:0.0} ms"),
            < 1_000 => string.Create(Culture, $"{milliseconds:0} ms"),
            < 100_000 => string.Create(Culture, $"{milliseconds / 1_000:0.0} s"),
            _ => Duration(TimeSpan.FromMilliseconds(milliseconds.Value)),
        };

    /// <summary>Memory: <c>187 MiB</c>, <c>1.4 GiB</c>.</summary>
    public static string Bytes(long bytes) =>
        bytes < 1L << 30
            ? string.Create(Culture, $"{bytes / (double)(1 << 20):0} MiB")
            : string.Create(Culture, $"{bytes / (double)(1L << 30):0.0} GiB");

    /// <summary>How full buffers are: <c>37 %</c> of their limit.</summary>
    public static string Queue(QueueOccupancy? queue) =>
        queue is null ? Nothing
        : queue.Fraction is > 0 and < 0.01 ? "< 1 %"
        : string.Create(Culture, $"{100 * queue.Fraction:0} %");

    /// <summary>Processor time: <c>0.42</c> cores.</summary>
    public static string Cores(double cores) => cores.ToString("0.00", Culture);

    /// <summary>A count with separators.</summary>
    public static string Count(long count) => count.ToString("#,0", Culture);

    /// <summary>A distance: <c>840 m</c>, <c>12.4 km</c>.</summary>
    public static string Distance(double meters) =>
        meters < 10_000
            ? string.Create(Culture, $"{meters:#,0} m")
            : string.Create(Culture, $"{meters / 1_000:#,0.0} km");

    /// <summary>A duration in its two largest units: <c>4 s</c>, <c>3 min 20 s</c>, <c>2 h 5 min</c>, <c>3 d 4 h</c>.</summary>
    public static string Duration(TimeSpan duration) =>
        duration switch
        {
            { TotalSeconds: < 1 } => "0 s",
            { TotalMinutes: < 1 } => string.Create(Culture, $"{duration.Seconds} s"),
            { TotalHours: < 1 } => Pair(duration.Minutes, "min", duration.Seconds, "s"),
            { TotalDays: < 1 } => Pair(duration.Hours, "h", duration.Minutes, "min"),
            _ => Pair(duration.Days, "d", duration.Hours, "h"),
        };

    /// <summary>A time of day: <c>12:03:22</c>.</summary>
    public static string Clock(DateTimeOffset moment) => moment.UtcDateTime.ToString("HH:mm:ss", Culture);

    /// <summary>A moment: <c>2026-11-21 12:03:22</c>.</summary>
    public static string Moment(DateTimeOffset moment) => moment.UtcDateTime.ToString("yyyy-MM-dd HH:mm:ss", Culture);

    /// <summary>An event's type without its vendor: <c>com.veltrix.clue.found</c> is <c>Clue found</c>.</summary>
    public static string EventType(string type)
    {
        var words = string.Join(' ', type.Split('.').TakeLast(2));
        return words.Length == 0 ? type : char.ToUpperInvariant(words[0]) + words[1..];
    }

    /// <summary><c>1 node</c>, <c>2 nodes</c>.</summary>
    public static string Plural(long count, string one) => $"{Count(count)} {one}{(count == 1 ? "" : "s")}";

    private static string Pair(int large, string largeUnit, int small, string smallUnit) =>
        small == 0
            ? string.Create(Culture, $"{large} {largeUnit}")
            : string.Create(Culture, $"{large} {largeUnit} {small} {smallUnit}");
}
