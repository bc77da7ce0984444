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
/// <param name="PutOff">Answers for one event that said to come again later (429, 503): one event may get several.</param>
/// <param name="EventsPerSecond">Acknowledged events per second, from the start to the last acknowledgement.</param>
/// <param name="HandledPerSecond">Handled events per second, from the start to the last committed effect.</param>
/// <param name="BytesPerEvent">Bytes of one event as it was sent, as a mean.</param>
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
    long PutOff,
    double EventsPerSecond,
    double HandledPerSecond,
    double BytesPerEvent,
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

    public static LoadResult From(
        LoadLedger ledger,
        Accounting accounting,
        long putOff,
        long startMicroseconds,
        string source
    )
    {
        return new LoadResult(
            ledger.Sent,
            ledger.Accepted,
            accounting.Handled,
            ledger.Lost,
            Math.Max(0, accounting.Effects - accounting.Handled),
            ledger.Unacknowledged,
            ledger.Refused,
            putOff,
            Rate(ledger.Accepted, startMicroseconds, ledger.LastAcknowledgementMicroseconds),
            Rate(accounting.Handled, startMicroseconds, ledger.LastCommitMicroseconds),
            Math.Round(ledger.BytesPerEvent, 1),
            ledger.Acknowledgement.PercentileMilliseconds(0.5),
            ledger.Acknowledgement.PercentileMilliseconds(0.99),
            ledger.EndToEnd.PercentileMilliseconds(0.5),
            ledger.EndToEnd.PercentileMilliseconds(0.99),
            source
        );
    }

    private static double Rate(long events, long startMicroseconds, long endMicroseconds)
    {
        var seconds = (endMicroseconds - startMicroseconds) / MicrosecondsPerSecond;
        return seconds > 0 ? Math.Round(events / seconds, 1) : 0;
    }
}
