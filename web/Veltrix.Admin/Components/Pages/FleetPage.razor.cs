using Microsoft.AspNetCore.Components;
using Veltrix.Admin.Components.Shared;
using Veltrix.Admin.Live;
using Veltrix.Configuration;

namespace Veltrix.Admin.Components.Pages;

/// <summary>Which node runs what it should, which does not, why and since when; those that do not come first.</summary>
public sealed partial class FleetPage
{
    [Inject]
    private LiveData Live { get; set; } = null!;

    private IReadOnlyList<FleetNode>? Nodes =>
        Live.Conditions.Latest.Value is { } nodes
            ?
            [
                .. nodes
                    .OrderBy(node => node.Condition == NodeCondition.Current)
                    .ThenBy(node => node.Node, StringComparer.Ordinal),
            ]
            : null;

    private string? Summary =>
        Nodes is not { Count: > 0 } nodes ? null
        : nodes.Count(node => node.Condition != NodeCondition.Current) is > 0 and var off
            ? $"{off} of {Format.Plural(nodes.Count, "node")} not current"
        : $"{Format.Plural(nodes.Count, "node")}, all current";

    private static string? Codes(NodeReport report) =>
        report.Errors is { Count: > 0 } errors
            ? string.Join(", ", errors.Select(error => $"{error.Code}: {error.Count}"))
            : null;

    /// <inheritdoc/>
    protected override void OnInitialized() => Watch(Live.Conditions);

    internal static string Look(NodeCondition condition) =>
        condition switch
        {
            NodeCondition.Current => "completed",
            NodeCondition.Lagging => "timedout",
            _ => "abandoned",
        };
}
