using System.Text.Json.Serialization;

namespace Veltrix.Cli.Watchers;

/// <summary>What a run of watchers comes to. Times begin when the request leaves; null where nothing was measured.</summary>
/// <param name="Nodes">Nodes that watched.</param>
/// <param name="Publishes">Versions that were published and measured.</param>
/// <param name="Published">To the answer of the publication.</param>
/// <param name="Seen">Over all pairs of version and node: to the whole event of the version at the node.</param>
/// <param name="Acknowledged">Over all pairs: to the answer to the node's report that it runs the version.</param>
/// <param name="Missed">Pairs that took longer than the limit.</param>
/// <param name="Reports">Reports that were answered.</param>
/// <param name="FailedReports">Reports that were not, or refused.</param>
/// <param name="Report">Round trip of a report.</param>
/// <param name="DriftNamed">From the moment at which a node drifts to the fleet view that names it.</param>
/// <param name="PssBytes">Proportional set size of the given process at the end.</param>
/// <param name="Publishing">What the measured publications cost, and the reports meanwhile; null without any.</param>
/// <param name="Holding">What the time after all that cost: reports, where there are some, and nothing else.</param>
internal sealed record WatchersResult(
    int Nodes,
    int Publishes,
    Spread? Published,
    Spread? Seen,
    Spread? Acknowledged,
    long Missed,
    long Reports,
    long FailedReports,
    Spread? Report,
    Spread? DriftNamed,
    long? PssBytes,
    Cost? Publishing = null,
    Cost? Holding = null
)
{
    [JsonIgnore]
    public bool IsGood => Missed == 0 && FailedReports == 0;
}
