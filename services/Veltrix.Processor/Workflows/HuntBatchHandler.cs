using Confluent.Kafka;
using Veltrix.Events;
using Veltrix.Processor.Consuming;
using Veltrix.Processor.Database;

namespace Veltrix.Processor.Workflows;

/// <summary>
/// Brings a polled batch through the saga in one transaction: what is new and which instances exist comes with the first
/// round trip, then every event goes through MassTransit's pipe, then all instances are written and committed at once.
/// </summary>
/// <remarks>
/// An event that the saga does not take leaves its instance as it was and goes to the dead letters; the genuine rider
/// would log it, discard it and commit its offset.
/// </remarks>
internal sealed class HuntBatchHandler(
    ProcessingDatabase database,
    WorkflowOutcomes outcomes,
    Func<ConsumeResult<byte[], byte[]>, object[], Task> dispatch
) : IBatchHandler
{
    public string Purpose => Purposes.Workflows;

    public async Task HandleAsync(IReadOnlyList<ConsumeResult<byte[], byte[]>> records, CancellationToken cancellation)
    {
        var began = outcomes.Begin();
        var letters = new List<DeadLetter>();
        var messages = Read(records, letters);
        var keys = new List<EventIdentity>();
        for (var position = 0; position < messages.Length; position++)
            if (messages[position] is { } message)
                keys.Add(new EventIdentity(position, message.Source, message.EventId));

        if (keys.Count == 0 && letters.Count == 0)
        {
            // All of it is other purposes' business: topics are shared, and read on where a route has left.
            outcomes.Ignored(began, records.Count);
            return;
        }

        var work = new HuntUnitOfWork();
        await using var transaction = await BatchTransaction.BeginAsync(
            database.Source,
            Purpose,
            keys,
            records.Count,
            HuntTable.Select([.. messages.OfType<HuntEvent>().Select(message => message.CorrelationId).Distinct()]),
            row => work.Loaded(HuntTable.Read(row)),
            cancellation
        );
        var refused = await DispatchAsync(records, messages, transaction, work, letters, cancellation);
        await outcomes.CommitAsync(
            transaction,
            batch =>
            {
                work.Write(batch);
                if (refused.Count > 0)
                    batch.BatchCommands.Add(HandledEvents.Forget(transaction.Batch, [.. refused]));
            },
            letters,
            cancellation
        );
        outcomes.Handled(
            began,
            transaction,
            messages.Where((message, position) => message is not null && transaction.IsNew(position))!,
            new BatchOutcome(
                transaction.NewCount - refused.Count,
                keys.Count - transaction.NewCount,
                letters.Count,
                records.Count
            )
        );
    }

    public Task PutAsideAsync(
        ConsumeResult<byte[], byte[]> record,
        Exception failure,
        CancellationToken cancellation
    ) => outcomes.PutAsideAsync(new DeadLetter(record, WorkflowOutcomes.Fault(failure)), cancellation);

    private static HuntEvent?[] Read(IReadOnlyList<ConsumeResult<byte[], byte[]>> records, List<DeadLetter> letters)
    {
        var messages = new HuntEvent?[records.Count];
        for (var position = 0; position < messages.Length; position++)
        {
            try
            {
                messages[position] = HuntEventReader.Read(records[position]);
            }
            catch (UnusableEventException unusable)
            {
                letters.Add(new DeadLetter(records[position], unusable.Fault));
                continue;
            }
            if (messages[position] is NoHuntEvent)
                messages[position] = null;
        }
        return messages;
    }

    /// <summary>Sends the new events to the saga, in their order, and answers the positions of those that it did not take.</summary>
    private async Task<List<int>> DispatchAsync(
        IReadOnlyList<ConsumeResult<byte[], byte[]>> records,
        HuntEvent?[] messages,
        BatchTransaction transaction,
        HuntUnitOfWork work,
        List<DeadLetter> letters,
        CancellationToken cancellation
    )
    {
        var refused = new List<int>();
        object[] payloads = [work];
        for (var position = 0; position < messages.Length; position++)
        {
            if (messages[position] is not { } message || !transaction.IsNew(position))
                continue;
            cancellation.ThrowIfCancellationRequested();
            work.Begin(message);
            try
            {
                await dispatch(records[position], payloads);
            }
            catch (Exception failure) when (!TransientFailure.Is(failure))
            {
                work.Undo();
                messages[position] = null;
                refused.Add(position);
                letters.Add(new DeadLetter(records[position], WorkflowOutcomes.Fault(failure)));
            }
        }
        return refused;
    }
}
