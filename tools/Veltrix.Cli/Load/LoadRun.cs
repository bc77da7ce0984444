using System.Globalization;
using Veltrix.Cli.Ingest;
using Veltrix.Cli.Output;
using Veltrix.Cli.Processor;

namespace Veltrix.Cli.Load;

/// <summary>
/// One run: every batch is due at a time that was fixed before, whatever the platform does; latency counts from that time,
/// also when no connection was free then, so that a slow platform cannot slow down its own measurement.
/// </summary>
internal sealed class LoadRun(
    LoadSettings settings,
    IngestClient ingest,
    ProcessorClient processor,
    IProgressDisplay progress,
    TimeProvider time
)
{
    // Timers wake late by up to about a millisecond: sending a little early is closer to the schedule.
    private static readonly TimeSpan Precision = TimeSpan.FromMilliseconds(1);
    private static readonly TimeSpan ProgressInterval = TimeSpan.FromMilliseconds(250);
    private static readonly TimeSpan CommitTimeInterval = TimeSpan.FromMilliseconds(250);
    private const int CommitTimeAttempts = 20;

    private readonly WallClock _clock = new(time);
    private readonly string _run = RunId.New();
    private readonly Workload _workload = Workload.For(settings.Type, settings.Keys, settings.Payload);
    private long _nextBatch = -1;

    public string Source => $"/veltrix/load/{_run}";

    public string SubjectPrefix => $"load-{_run}-";

    /// <summary>Why ingest refused the first of the refused events.</summary>
    public (string? Code, string? Detail)? FirstRefusal { get; private set; }

    public async Task<LoadResult> ExecuteAsync(CancellationToken cancellation)
    {
        var schedule = NewSchedule();
        var ledger = new LoadLedger(schedule);
        var start = _clock.Now;
        await SendAllAsync(schedule, ledger, start, cancellation);
        FirstRefusal = ledger.FirstRefusal;

        var accounting = await new Settlement(processor, time).WaitAsync(
            Source,
            SubjectPrefix,
            ledger.Accepted,
            settings.DrainTimeout,
            reading => progress.Report("Handled", reading.Handled, ledger.Accepted),
            cancellation
        );
        await CompareAsync(ledger, cancellation);
        return LoadResult.From(ledger, accounting, ingest.PutOff, WallClock.Microseconds(start), Source);
    }

    private LoadSchedule NewSchedule()
    {
        // What must stay in order stays in one batch.
        var groups = (settings.BatchEvents + _workload.GroupEvents - 1) / _workload.GroupEvents;
        return new LoadSchedule(settings.EventsPerSecond, settings.Duration, groups * _workload.GroupEvents);
    }

    private async Task SendAllAsync(
        LoadSchedule schedule,
        LoadLedger ledger,
        DateTimeOffset start,
        CancellationToken cancellation
    )
    {
        var deadline =
            time.GetTimestamp()
            + (long)((settings.Duration + settings.DrainTimeout).TotalSeconds * time.TimestampFrequency);
        // One connection that fails for good (an unknown key) ends the others.
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        var connections = Enumerable
            .Range(0, settings.Connections)
            .Select(_ =>
                Task.Run(() => ConnectionAsync(schedule, ledger, start, deadline, stop), CancellationToken.None)
            )
            .ToList();
        var all = Task.WhenAll(connections);
        while (!all.IsCompleted)
        {
            progress.Report("Acknowledged", ledger.Accepted, schedule.Events);
            await Task.WhenAny(all, Task.Delay(ProgressInterval, time, CancellationToken.None));
        }
        progress.Report("Acknowledged", ledger.Accepted, schedule.Events);
        cancellation.ThrowIfCancellationRequested();
        if (connections.Find(connection => connection.IsFaulted) is { } failed)
            await failed;
    }

    private async Task ConnectionAsync(
        LoadSchedule schedule,
        LoadLedger ledger,
        DateTimeOffset start,
        long deadline,
        CancellationTokenSource stop
    )
    {
        try
        {
            using var body = new LoadBody(_workload, Source, SubjectPrefix);
            long batch;
            while ((batch = Interlocked.Increment(ref _nextBatch)) < schedule.Batches && time.GetTimestamp() < deadline)
                await SendAsync(batch, schedule, ledger, body, start + schedule.DueAfter(batch), deadline, stop.Token);
        }
        catch (CliException)
        {
            await stop.CancelAsync();
            throw;
        }
    }

    private async Task SendAsync(
        long batch,
        LoadSchedule schedule,
        LoadLedger ledger,
        LoadBody body,
        DateTimeOffset due,
        long deadline,
        CancellationToken cancellation
    )
    {
        if (due - _clock.Now > Precision)
            await Task.Delay(due - _clock.Now, time, cancellation);
        var now = _clock.Now;
        var first = schedule.FirstEventOf(batch);
        var events = schedule.EventsOf(batch);
        var isBatch = settings.BatchEvents > 1 || events > 1;
        var bytes = body.Write(first, events, isBatch, due);
        ledger.Begin(batch, WallClock.Microseconds(now < due ? now : due), bytes.Length);
        var outcomes = await ingest.DeliverAsync(
            bytes,
            events,
            isBatch,
            deadline,
            index => ledger.Acknowledge(first + index, WallClock.Microseconds(_clock.Now)),
            cancellation
        );
        foreach (var outcome in outcomes)
            if (!outcome.IsAcknowledged && !outcome.MayRetry)
                ledger.Refuse(outcome.Code, outcome.Detail);
    }

    /// <summary>The processor writes when a batch was committed with the batch after it, or when it is idle: the last may come late.</summary>
    private async Task CompareAsync(LoadLedger ledger, CancellationToken cancellation)
    {
        for (var attempt = 1; ; attempt++)
        {
            var complete = true;
            try
            {
                await foreach (var handled in processor.EventsAsync(Source, cancellation))
                {
                    if (!long.TryParse(handled.Id, NumberStyles.None, CultureInfo.InvariantCulture, out var sequence))
                        continue;
                    complete &= handled.CommittedAtMicroseconds is not null;
                    if (handled.CommittedAtMicroseconds is not null || attempt == CommitTimeAttempts)
                        ledger.Handle(sequence, handled.CommittedAtMicroseconds);
                }
            }
            catch (Exception exception) when (Http.IsTransport(exception, cancellation) && attempt < CommitTimeAttempts)
            {
                complete = false;
            }
            if (complete || attempt == CommitTimeAttempts)
                return;
            await Task.Delay(CommitTimeInterval, time, cancellation);
        }
    }
}
