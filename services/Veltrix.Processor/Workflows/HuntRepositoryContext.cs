using MassTransit;
using MassTransit.Context;
using MassTransit.Saga;

namespace Veltrix.Processor.Workflows;

/// <summary>What MassTransit's saga pipeline sees of a unit of work.</summary>
internal sealed class HuntRepositoryContext<T> : ConsumeContextScope<T>, SagaRepositoryContext<HuntState, T>
    where T : class
{
    private readonly HuntUnitOfWork _work;
    private readonly ConsumeContext<T> _consume;
    private readonly ISagaConsumeContextFactory<HuntUnitOfWork, HuntState> _contexts;

    public HuntRepositoryContext(
        HuntUnitOfWork work,
        ConsumeContext<T> consume,
        ISagaConsumeContextFactory<HuntUnitOfWork, HuntState> contexts
    )
        : base(consume, work)
    {
        _work = work;
        _consume = consume;
        _contexts = contexts;
    }

    public Task<SagaConsumeContext<HuntState, TMessage>> CreateSagaConsumeContext<TMessage>(
        ConsumeContext<TMessage> consumeContext,
        HuntState instance,
        SagaConsumeContextMode mode
    )
        where TMessage : class => _contexts.CreateSagaConsumeContext(_work, consumeContext, instance, mode);

    public Task<SagaConsumeContext<HuntState, T>> Add(HuntState instance) =>
        _contexts.CreateSagaConsumeContext(_work, _consume, instance, SagaConsumeContextMode.Add);

    public Task<SagaConsumeContext<HuntState, T>> Insert(HuntState instance) =>
        throw new NotSupportedException("No event asks for an insert before it is handled.");

    public async Task<SagaConsumeContext<HuntState, T>> Load(Guid correlationId) =>
        _work.Find(correlationId) is { } hunt
            ? await _contexts.CreateSagaConsumeContext(_work, _consume, hunt, SagaConsumeContextMode.Load)
            : null!;

    public Task Save(SagaConsumeContext<HuntState> context)
    {
        _work.Add(context.Saga);
        return Task.CompletedTask;
    }

    public Task Update(SagaConsumeContext<HuntState> context)
    {
        _work.Update(context.Saga);
        return Task.CompletedTask;
    }

    public Task Delete(SagaConsumeContext<HuntState> context) =>
        throw new NotSupportedException("Hunts are not removed when they end.");

    public Task Discard(SagaConsumeContext<HuntState> context) => Task.CompletedTask;

    public Task Undo(SagaConsumeContext<HuntState> context) => Task.CompletedTask;
}
