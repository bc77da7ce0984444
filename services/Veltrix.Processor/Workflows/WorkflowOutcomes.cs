using Npgsql;
using Veltrix.Events;
using Veltrix.Processor.Consuming;
using Veltrix.Processor.Database;

namespace Veltrix.Processor.Workflows;

/// <summary>What both ways of running a saga do at the end: commit, put aside, measure.</summary>
internal sealed class WorkflowOutcomes(ProcessingDatabase database, ProcessorMetrics metrics, TimeProvider time)
{
    /// <summary>When the batches of this purpose were committed.</summary>
    public CommittedBatches Committed { get; } = new(database.Source, time);

    /// <summary>Begins the measurement of a batch.</summary>
    public long Begin() => time.GetTimestamp();

    /// <summary>Writes the effects and the dead letters, and commits.</summary>
    public async Task CommitAsync(
        BatchTransaction transaction,
        Action<NpgsqlBatch> write,
        IReadOnlyList<DeadLetter> letters,
        CancellationToken cancellation
    )
    {
        long[] measured = [];
        await transaction.CommitAsync(
            batch =>
            {
                write(batch);
                if (letters.Count > 0)
                    batch.BatchCommands.Add(DeadLetters.InsertAll(Purposes.Workflows, letters));
                measured = Committed.AddTo(batch);
            },
            read: null,
            cancellation
        );
        Committed.Written(measured);
        foreach (var letter in letters)
            metrics.PutAside(letter.Fault);
    }

    /// <summary>Measures a batch that was committed.</summary>
    public void Handled(long began, BatchTransaction transaction, IEnumerable<HuntEvent> handled, BatchOutcome outcome)
    {
        var at = Committed.Measure(transaction.Batch);
        metrics.BatchHandled(Purposes.Workflows, outcome, time.GetElapsedTime(began));
        foreach (var message in handled)
            metrics.EventHandled(Purposes.Workflows, at - message.At);
    }

    /// <summary>Measures a batch of records that are none of this purpose's business.</summary>
    public void Ignored(long began, int records) =>
        metrics.BatchHandled(Purposes.Workflows, new BatchOutcome(0, 0, 0, records), time.GetElapsedTime(began));

    /// <summary>Measures a message that had its effect before.</summary>
    public void Duplicate(long began) =>
        metrics.BatchHandled(Purposes.Workflows, new BatchOutcome(0, 1, 0, 1), time.GetElapsedTime(began));

    /// <summary>An attempt at one message failed and is repeated.</summary>
    public void AttemptFailed() => metrics.AttemptFailed(1);

    /// <summary>Puts one record aside, in a transaction of its own.</summary>
    public async Task PutAsideAsync(DeadLetter letter, CancellationToken cancellation)
    {
        await using var insert = database.Source.CreateBatch();
        insert.BatchCommands.Add(DeadLetters.InsertAll(Purposes.Workflows, [letter]));
        await insert.ExecuteNonQueryAsync(cancellation);
        metrics.BatchHandled(Purposes.Workflows, new BatchOutcome(0, 0, 1, 1), TimeSpan.Zero);
        metrics.PutAside(letter.Fault);
    }

    /// <summary>Why the saga did not take an event.</summary>
    public static EventFault Fault(Exception failure)
    {
        for (Exception? cause = failure; cause is not null; cause = cause.InnerException)
            if (cause is UnusableEventException unusable)
                return unusable.Fault;
        return new EventFault(ErrorCatalogue.WorkflowFault, failure.Message);
    }
}
