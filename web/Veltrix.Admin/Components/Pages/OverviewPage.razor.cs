using Microsoft.AspNetCore.Components;
using Veltrix.Admin.Components.Shared;
using Veltrix.Admin.Live;

namespace Veltrix.Admin.Components.Pages;

/// <summary>How the platform is doing right now.</summary>
public sealed partial class OverviewPage
{
    [Inject]
    private LiveData Live { get; set; } = null!;

    private FleetView Fleet { get; set; } = FleetView.Empty;

    private IReadOnlyList<NodeState> Silent => [.. Fleet.Nodes.Where(node => node.IsSilent)];

    private int Behind => Fleet.Nodes.Count(IsBehind);

    private string Applied =>
        Fleet.Nodes.Count(node => !node.IsSilent) switch
        {
            0 => "No node reports.",
            var nodes when Behind == 0 => nodes == 1 ? "The one node runs it." : $"All {nodes} nodes run it.",
            var nodes => $"{Behind} of {nodes} nodes {(Behind == 1 ? "runs" : "run")} an older version.",
        };

    /// <inheritdoc/>
    protected override void OnInitialized()
    {
        Fleet = Live.Fleet;
        Watch(Live.Nodes);
        Watch(Live.Configuration);
        Watch(Live.Leaderboard);
        Watch(Live.Hunts);
    }

    /// <inheritdoc/>
    protected override Task OnLiveAsync()
    {
        Fleet = Live.Fleet;
        return Task.CompletedTask;
    }

    private IReadOnlyList<ChartLine> Lines(Func<ServicePoint, double?> value) =>
        [.. Fleet.Services.Select(service => ChartLine.Of(service.Service, service.History, point => point.At, value))];

    private bool IsBehind(NodeState node) => node.IsBehind(Live.Configuration.Latest.Value);

    private static string? Since(DateTimeOffset? readAt) =>
        readAt is { } at ? $"Nothing new since {Format.Clock(at)} UTC." : null;

    private static string? Meaning(string service) =>
        service switch
        {
            "ingest" => "Accepted: acknowledged by Kafka. Latency of the answer.",
            "processor" => "Handled: effect committed. Latency from event time to commit.",
            _ => null,
        };
}
