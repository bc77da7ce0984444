using MassTransit;
using MassTransit.Context;
using MassTransit.Saga;

namespace Veltrix.Config.Rollouts;

/// <summary>What MassTransit's saga pipeline sees of an act.</summary>
internal sealed class RolloutRepositoryContext<T> : ConsumeContextScope<T>, SagaRepositoryContext<RolloutState, T>
    where T : class
{
    private readonly RolloutWork _work;
    private readonly ConsumeContext<T> _consume;
    private readonly ISagaConsumeContextFactory<RolloutWork, RolloutState> _contexts;

    public RolloutRepositoryContext(
        RolloutWork work,
        ConsumeContext<T> consume,
        ISagaConsumeContextFactory<RolloutWork, RolloutState> contexts
    )
        : base(consume, work)
    {
        _work = work;
        _consume = consume;
        _contexts = contexts;
    }

    public Task<SagaConsumeContext<RolloutState, TMessage>> CreateSagaConsumeContext<TMessage>(
        ConsumeContext<TMessage> consumeContext,
        RolloutState instance,
        SagaConsumeContextMode mode
    )
        where TMessage : class => _contexts.CreateSagaConsumeContext(_work, consumeContext, instance, mode);

    public Task<SagaConsumeContext<RolloutState, T>> Add(RolloutState instance) =>
        _contexts.CreateSagaConsumeContext(_work, _consume, instance, SagaConsumeContextMode.Add);

    public Task<SagaConsumeContext<RolloutState, T>> Insert(RolloutState instance) =>
        throw new NotSupportedException("No message asks for an insert before it is handled.");

    public async Task<SagaConsumeContext<RolloutState, T>> Load(Guid correlationId) =>
        await _work.FindAsync(correlationId) is { } rollout
            ? await _contexts.CreateSagaConsumeContext(_work, _consume, rollout, SagaConsumeContextMode.Load)
            : null!;

    public Task Save(SagaConsumeContext<RolloutState> context) => _work.AddAsync(context.Saga);

    public Task Update(SagaConsumeContext<RolloutState> context) => _work.UpdateAsync(context.Saga);

    public Task Delete(SagaConsumeContext<RolloutState> context) =>
        throw new NotSupportedException("Rollouts are not removed when they end.");

    public Task Discard(SagaConsumeContext<RolloutState> context) => Task.CompletedTask;

    public Task Undo(SagaConsumeContext<RolloutState> context) => Task.CompletedTask;
}
