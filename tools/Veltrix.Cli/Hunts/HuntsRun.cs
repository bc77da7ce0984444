using Veltrix.Cli.Ingest;
using Veltrix.Cli.Output;
using Veltrix.Cli.Processor;

namespace Veltrix.Cli.Hunts;

/// <summary>Plays hunts, then waits until the saga of each has reached an end.</summary>
internal sealed class HuntsRun(
    int hunts,
    int players,
    int clues,
    TimeSpan patience,
    IngestClient ingest,
    ProcessorClient processor,
    IProgressDisplay progress,
    TimeProvider time
)
{
    private const int LargestBatchEvents = 500;

    // A processor that is behind is not asked for thousands of hunts that cannot have ended yet.
    private const int MaximumMisses = 50;
    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(250);

    private readonly string _run = RunId.New();
    private readonly Dictionary<string, int> _ended = new(StringComparer.Ordinal);

    private string Source => $"/veltrix/hunts/{_run}";

    public async Task<HuntsSummary> ExecuteAsync(CancellationToken cancellation)
    {
        var script = new HuntScript(Source, $"hunt-{_run}-", players, clues);
        var accepted = await PlayAsync(script, cancellation);
        var open = await WaitAsync(script, cancellation);
        return new HuntsSummary(
            hunts,
            _ended.GetValueOrDefault("Completed"),
            _ended.GetValueOrDefault("Abandoned"),
            _ended.GetValueOrDefault("TimedOut"),
            open,
            (long)hunts * script.EventsOfOneHunt,
            accepted,
            Source
        );
    }

    private async Task<long> PlayAsync(HuntScript script, CancellationToken cancellation)
    {
        long accepted = 0;
        var huntsInOneBatch = Math.Max(1, LargestBatchEvents / script.EventsOfOneHunt);
        for (var first = 0; first < hunts; first += huntsInOneBatch)
        {
            var count = Math.Min(huntsInOneBatch, hunts - first);
            var outcomes = await ingest.DeliverAsync(
                script.Write(first, count, time.GetUtcNow()),
                count * script.EventsOfOneHunt,
                isBatch: true,
                time.GetTimestamp() + (long)(patience.TotalSeconds * time.TimestampFrequency),
                acknowledged: null,
                cancellation
            );
            accepted += outcomes.LongCount(outcome => outcome.IsAcknowledged);
            progress.Report("Played", first + count, hunts);
            if (
                outcomes.FirstOrDefault(outcome => !outcome.IsAcknowledged) is
                { Status: not OutcomeStatus.None } refusal
            )
                throw new CliException(refusal.Code ?? "", "Ingest did not take the hunts", refusal.Detail, fix: null);
        }
        return accepted;
    }

    /// <summary>How many are still open in the end.</summary>
    private async Task<int> WaitAsync(HuntScript script, CancellationToken cancellation)
    {
        var open = new Queue<int>(Enumerable.Range(0, hunts));
        var lastProgress = time.GetTimestamp();
        while (open.Count > 0 && time.GetElapsedTime(lastProgress) <= patience)
        {
            var before = open.Count;
            await AskAsync(script, open, cancellation);
            progress.Report("Ended", hunts - open.Count, hunts);
            if (open.Count < before)
                lastProgress = time.GetTimestamp();
            if (open.Count > 0)
                await Task.Delay(Interval, time, cancellation);
        }
        return open.Count;
    }

    /// <summary>One round: hunts that ended leave the queue, the others go to its end.</summary>
    private async Task AskAsync(HuntScript script, Queue<int> open, CancellationToken cancellation)
    {
        var misses = 0;
        for (var left = open.Count; left > 0 && misses < MaximumMisses; left--)
        {
            var hunt = open.Dequeue();
            if (await HasEndedAsync(script.HuntId(hunt), cancellation))
                continue;
            open.Enqueue(hunt);
            misses++;
        }
    }

    private async Task<bool> HasEndedAsync(string huntId, CancellationToken cancellation)
    {
        try
        {
            var hunt = await processor.HuntAsync(huntId, cancellation);
            if (hunt is null || hunt.State is not ("Completed" or "Abandoned" or "TimedOut"))
                return false;
            _ended[hunt.State] = _ended.GetValueOrDefault(hunt.State) + 1;
            return true;
        }
        catch (Exception exception) when (Http.IsTransport(exception, cancellation))
        {
            return false;
        }
    }
}
