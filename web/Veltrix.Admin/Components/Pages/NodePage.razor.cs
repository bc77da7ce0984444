using Microsoft.AspNetCore.Components;
using Veltrix.Admin.Clients;
using Veltrix.Admin.Components.Shared;
using Veltrix.Admin.Live;
using Veltrix.Configuration;
using Veltrix.Events;

namespace Veltrix.Admin.Components.Pages;

/// <summary>One node: how it stands, and what it did in the last minutes or hours.</summary>
public sealed partial class NodePage
{
    private IReadOnlyList<NodePoint> _points = [];
    private (string Node, NodeSpan Span)? _loaded;
    private long _loadedAt;
    private Problem? _problem;

    /// <summary>Name of the node, from the address.</summary>
    [Parameter]
    public string Node { get; set; } = "";

    [SupplyParameterFromQuery(Name = "span")]
    private string? Span { get; set; }

    [Inject]
    private ConfigClient Client { get; set; } = null!;

    [Inject]
    private TimeProvider Time { get; set; } = null!;

    [Inject]
    private LiveData Live { get; set; } = null!;

    private NodeSpan Shown => NodeSpan.Of(Span);

    private FleetNode? Known => Live.Conditions.Latest.Value?.FirstOrDefault(node => node.Node == Node);

    private IReadOnlyList<ErrorCount> Errors =>
        NodeReport.MostFrequent(
            _points
                .SelectMany(point => point.Errors)
                .GroupBy(error => error.Code, error => error.Count, StringComparer.Ordinal)
                .Select(code => KeyValuePair.Create(code.Key, code.Sum()))
        );

    /// <inheritdoc/>
    protected override void OnInitialized() => Watch(Live.Conditions);

    /// <inheritdoc/>
    protected override Task OnParametersSetAsync() => LoadAsync();

    /// <inheritdoc/>
    protected override Task OnLiveAsync() => LoadAsync();

    private static string TitleOf(string code) =>
        ErrorCatalogue.All.FirstOrDefault(error => error.Code == code)?.Title ?? Format.Nothing;

    private ChartLine Line(string title, Func<NodePoint, double?> value) =>
        ChartLine.Of(title, _points, point => point.At, value);

    private Task LoadAsync()
    {
        var wanted = (Node, Shown);
        return wanted == _loaded && Time.GetElapsedTime(_loadedAt) < Shown.Refresh
            ? Task.CompletedTask
            : LoadOnceAsync(async () =>
            {
                var answer = await ReadAsync();
                if (answer.IsSuccess || wanted != _loaded)
                    _points = answer.Value ?? [];
                _problem = answer.Problem;
                (_loaded, _loadedAt) = (wanted, Time.GetTimestamp());
            });
    }

    private Task<Answer<IReadOnlyList<NodePoint>>> ReadAsync() =>
        Shown == NodeSpan.Minutes
            ? Client.ReportsAsync(Node, Left)
            : Client.MinutesAsync(Node, Time.GetUtcNow() - Shown.Window, Left);
}
