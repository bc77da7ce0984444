using System.Globalization;
using Microsoft.AspNetCore.Components;
using Veltrix.Admin.Live;

namespace Veltrix.Admin.Components.Shared;

/// <summary>One measure of every service over the last minutes, with marks where a new configuration took hold.</summary>
public sealed partial class LineChart
{
    // Told apart by people who do not see red and green, on both backgrounds; the dashes tell the second one apart without colour.
    private static readonly IReadOnlyList<string> Colors = ["#2f7ed8", "#d9772b", "#8a63c9", "#3a9188"];

    [Parameter, EditorRequired]
    public string Title { get; set; } = "";

    [Parameter, EditorRequired]
    public string Unit { get; set; } = "";

    /// <summary>Name of the property of <see cref="ServicePoint"/>.</summary>
    [Parameter, EditorRequired]
    public string Property { get; set; } = "";

    /// <summary>Reads the same property.</summary>
    [Parameter, EditorRequired]
    public Func<ServicePoint, double?> Value { get; set; } = _ => null;

    [Parameter, EditorRequired]
    public IReadOnlyList<ServiceState> Services { get; set; } = [];

    [Parameter]
    public IReadOnlyList<VersionMark> Marks { get; set; } = [];

    // A line without a single value is one that browsers refuse to draw.
    private IReadOnlyList<(ServiceState Service, int Index)> Measured =>
        [
            .. Services
                .Select((service, index) => (service, index))
                .Where(item => item.service.History.Any(point => Value(point) is not null)),
        ];

    private DateTime Until => Services.Max(service => service.History[^1].At);

    private ChartScale Scale => ChartScale.For(Services.Max(service => service.History.Max(Value)) ?? 0);

    private IEnumerable<(ServicePoint Point, VersionMark Mark)> Marked(IReadOnlyList<ServicePoint> history) =>
        from mark in Marks
        // A mark stands on the line, so it needs a value; an idle service has no latency.
        let point = history.FirstOrDefault(point => point.At >= mark.At && Value(point) is not null)
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
