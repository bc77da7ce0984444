using System.Text.Json.Serialization;
using Veltrix.Cli.Processor;

namespace Veltrix.Cli.Load;

/// <summary>What a run of load comes to.</summary>
/// <param name="Sent">Events that went out at least once.</param>
/// <param name="Accepted">Events that ingest acknowledged, in any attempt.</param>
/// <param name="Handled">Distinct events with a committed effect.</param>
/// <param name="Lost">Acknowledged, but not handled.</param>
/// <param name="Duplicated">Effects beyond one for each handled event.</param>
/// <param name="Unacknowledged">Handled, though never acknowledged: the answer got lost, or the event was sent until time ran out.</param>
/// <param name="Refused">Events that ingest refused for good.</param>
/// <param name="EventsPerSecond">Acknowledged events per second, from the start to the last acknowledgement.</param>
/// <param name="P50Milliseconds">Median from the intended time of sending to the acknowledgement.</param>
/// <param name="P99Milliseconds">The same, 99th percentile.</param>
/// <param name="EndToEndP50Milliseconds">Median from the intended time of sending to the committed effect.</param>
/// <param name="EndToEndP99Milliseconds">The same, 99th percentile.</param>
/// <param name="Source">CloudEvents source of the run's events.</param>
internal sealed record LoadResult(
    long Sent,
    long Accepted,
    long Handled,
    long Lost,
    long Duplicated,
    long Unacknowledged,
    long Refused,
    double EventsPerSecond,
    double? P50Milliseconds,
    double? P99Milliseconds,
    double? EndToEndP50Milliseconds,
    double? EndToEndP99Milliseconds,
    string Source
)
{
    private const double MicrosecondsPerSecond = 1_000_000;

    [JsonIgnore]
    public bool IsGood => Lost == 0 && Duplicated == 0;

    public static LoadResult From(LoadLedger ledger, Accounting accounting, long startMicroseconds, string source)
    {
        var seconds = (ledger.LastAcknowledgementMicroseconds - startMicroseconds) / MicrosecondsPerSecond;
        return new LoadResult(
            ledger.Sent,
            ledger.Accepted,
            accounting.Handled,
            ledger.Lost,
            Math.Max(0, accounting.Effects - accounting.Handled),
            ledger.Unacknowledged,
            ledger.Refused,
            seconds > 0 ? Math.Round(ledger.Accepted / seconds, 1) : 0,
            ledger.Acknowledgement.PercentileMilliseconds(0.5),
            ledger.Acknowledgement.PercentileMilliseconds(0.99),
            ledger.EndToEnd.PercentileMilliseconds(0.5),
            ledger.EndToEnd.PercentileMilliseconds(0.99),
            source
        );
    }
}
