using MassTransit;
using MassTransit.Saga;
using Veltrix.Processor.Database;

namespace Veltrix.Processor.Workflows;

/// <summary>
/// Where the saga's instances live. A unit of work among the payloads (a batch's) is joined: its owner commits. Without
/// one, as under the genuine rider, every message is a transaction of its own that handled_events keeps idempotent.
/// </summary>
internal sealed class HuntRepository(
    ProcessingDatabase database,
    WorkflowOutcomes outcomes,
    ISagaConsumeContextFactory<HuntUnitOfWork, HuntState> contexts
) : ISagaRepositoryContextFactory<HuntState>
{
    public void Probe(ProbeContext context) => context.Add("persistence", "npgsql");

    public async Task Send<T>(ConsumeContext<T> context, IPipe<SagaRepositoryContext<HuntState, T>> next)
        where T : class
    {
        if (context.TryGetPayload<HuntUnitOfWork>(out var joined))
            await next.Send(new HuntRepositoryContext<T>(joined, context, contexts));
        else
            await SendAloneAsync(context, next);
    }

    /// <summary>No event correlates by anything but the id.</summary>
    public Task SendQuery<T>(
        ConsumeContext<T> context,
        ISagaQuery<HuntState> query,
        IPipe<SagaRepositoryQueryContext<HuntState, T>> next
    )
        where T : class => throw new NotSupportedException("Hunts are found by their id only.");

    private async Task SendAloneAsync<T>(ConsumeContext<T> context, IPipe<SagaRepositoryContext<HuntState, T>> next)
        where T : class
    {
        var message = (HuntEvent)(object)context.Message;
        var work = new HuntUnitOfWork();
        var began = outcomes.Begin();
        await using var transaction = await BatchTransaction.BeginAsync(
            database.Source,
            Purposes.Workflows,
            [new EventIdentity(0, message.Source, message.EventId)],
            positions: 1,
            HuntTable.Select([message.CorrelationId]),
            row => work.Loaded(HuntTable.Read(row)),
            context.CancellationToken
        );
        if (!transaction.IsNew(0))
        {
            outcomes.Duplicate(began);
            return;
        }
        work.Begin(message);
        await next.Send(new HuntRepositoryContext<T>(work, context, contexts));
        await outcomes.CommitAsync(transaction, work.Write, [], context.CancellationToken);
        outcomes.Handled(began, transaction, [message], new BatchOutcome(1, 0, 0, 1));
    }
}
