namespace Veltrix.Admin.Components.Shared;

/// <summary>One line of a <see cref="LineChart"/>.</summary>
/// <param name="Title">What the legend calls it.</param>
/// <param name="Points">Oldest first.</param>
public sealed record ChartLine(string Title, IReadOnlyList<ChartPoint> Points)
{
    /// <summary>One measure of many moments.</summary>
    public static ChartLine Of<T>(string title, IEnumerable<T> moments, Func<T, DateTime> at, Func<T, double?> value) =>
        new(title, [.. moments.Select(moment => new ChartPoint(at(moment), value(moment)))]);
}

/// <summary>One value. Null where nothing is known: a gap in the line, not a zero.</summary>
public sealed record ChartPoint(DateTime At, double? Value);
