using System.Globalization;
using Microsoft.AspNetCore.Components;
using Veltrix.Admin.Live;

namespace Veltrix.Admin.Components.Shared;

/// <summary>Lines of one measure over the last minutes or hours, with marks where a new configuration took hold.</summary>
public sealed partial class LineChart
{
    private const int TimeSteps = 5;

    // Told apart by people who do not see red and green, on both backgrounds; the dashes tell the second one apart without colour.
    private static readonly IReadOnlyList<string> Colors = ["#2f7ed8", "#d9772b", "#8a63c9", "#3a9188"];

    [Parameter, EditorRequired]
    public string Title { get; set; } = "";

    [Parameter, EditorRequired]
    public string Unit { get; set; } = "";

    [Parameter, EditorRequired]
    public IReadOnlyList<ChartLine> Lines { get; set; } = [];

    /// <summary>How much of the past is shown.</summary>
    [Parameter]
    public TimeSpan Window { get; set; } = Fleet.Window;

    [Parameter]
    public IReadOnlyList<VersionMark> Marks { get; set; } = [];

    // A line without a single value is one that browsers refuse to draw.
    private IReadOnlyList<(ChartLine Line, int Index)> Measured =>
        [
            .. Lines
                .Select((line, index) => (line, index))
                .Where(item => item.line.Points.Any(point => point.Value is not null)),
        ];

    private DateTime Until => Lines.Where(line => line.Points.Count > 0).Max(line => line.Points[^1].At);

    private ChartScale Scale => ChartScale.For(Lines.Max(line => line.Points.Max(point => point.Value)) ?? 0);

    private IEnumerable<(ChartPoint Point, VersionMark Mark)> Marked(IReadOnlyList<ChartPoint> points) =>
        from mark in Marks
        // A mark stands on the line, so it needs a value; an idle service has no latency.
        let point = points.FirstOrDefault(point => point.At >= mark.At && point.Value is not null)
        where point is not null
        select (point, mark);

    // Labels that stand still while the line moves.
    private string Ago(object moment) =>
        Math.Round((Until - (DateTime)moment).TotalSeconds) is >= 1 and var seconds
            ? $"{Format.Duration(TimeSpan.FromSeconds(seconds))} ago"
            : "now";

    private static string Number(object value) =>
        Convert.ToDouble(value, CultureInfo.InvariantCulture).ToString("#,0.##", CultureInfo.InvariantCulture);
}
