using System.Globalization;
using Microsoft.AspNetCore.Components;
using Veltrix.Admin.Clients;
using Veltrix.Admin.Components.Shared;
using Veltrix.Admin.Live;
using Veltrix.Configuration.Rollouts;

namespace Veltrix.Admin.Components.Pages;

/// <summary>One rollout as it goes: its waves, their nodes, what was measured and how that compares.</summary>
public sealed partial class RolloutPage
{
    private Problem? _problem;

    /// <summary>Number of the rollout, from the address.</summary>
    [Parameter]
    public int Number { get; set; }

    /// <summary>What is shown; handed over from the prerendered page, so that nothing flickers when the page comes alive.</summary>
    [PersistentState]
    public Rollout? View { get; set; }

    [Inject]
    private RolloutClient Client { get; set; } = null!;

    [Inject]
    private LiveData Live { get; set; } = null!;

    private IReadOnlyList<PageAct> AllActs =>
        [View?.State == "paused" ? Act("Resume") with { IsPrimary = true } : Act("Pause"), Act("Abort")];

    /// <inheritdoc/>
    protected override void OnInitialized()
    {
        Watch(Live.Rollouts);
        Watch(Live.Conditions);
    }

    /// <inheritdoc/>
    protected override async Task OnParametersSetAsync()
    {
        if (View?.Number != Number)
            await LoadAsync();
    }

    /// <inheritdoc/>
    protected override async Task OnLiveAsync()
    {
        // A rollout that goes on is the newest: the shared reading has it. After a failure the page recovers by itself.
        var latest = Live.Rollouts.Latest;
        if (latest.Problem is null && latest.Value?.FirstOrDefault(rollout => rollout.Number == Number) is { } rollout)
            (View, _problem) = (rollout, null);
        else if (_problem is { Status: not StatusCodes.Status404NotFound } && latest.Problem is null)
            await LoadAsync();
    }

    private PageAct Act(string name) =>
        new(
            name,
            async reason =>
            {
                var answer = await Client.ActAsync(Number, name.ToLowerInvariant(), reason!, Left);
                View = answer.Value ?? View;
                return answer.Problem;
            }
        );

    private Task LoadAsync() =>
        LoadOnceAsync(async () =>
        {
            var answer = await Client.RolloutAsync(Number, Left);
            View = answer.Value ?? (View?.Number == Number ? View : null);
            _problem = answer.Problem;
        });

    private static List<RolloutNode> NodesOf(Rollout rollout, int wave) =>
        [.. rollout.Nodes.Where(node => node.Wave == wave)];

    private List<string> OthersThan(Rollout rollout) =>
        [
            .. (Live.Conditions.Latest.Value ?? [])
                .Select(node => node.Node)
                .Except(rollout.Nodes.Select(node => node.Node), StringComparer.Ordinal)
                .Order(StringComparer.Ordinal),
        ];

    private string? Condition(string name) =>
        Live.Conditions.Latest.Value?.FirstOrDefault(node => node.Node == name) is { Report: var report } node
            ? $"v{report.Version?.ToString(CultureInfo.InvariantCulture) ?? Format.Nothing}, {node.Condition.ToString().ToLowerInvariant()}, "
                + $"{Format.Rate(report.EventsPerSecond)} events/s, {Format.Rate(report.ErrorsPerSecond)} errors/s, p99 {Format.Milliseconds(report.LatencyP99Milliseconds)}"
            : null;
}
