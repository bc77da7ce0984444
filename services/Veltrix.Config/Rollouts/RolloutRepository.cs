using MassTransit;
using MassTransit.Saga;
using Veltrix.Config.Acts;

namespace Veltrix.Config.Rollouts;

/// <summary>
/// Where rollouts live. Each message is one act: one transaction under the lock of all acts, which writes the instance,
/// the version that it appends and the row of the audit, or nothing.
/// </summary>
internal sealed class RolloutRepository(
    IServiceScopeFactory scopes,
    ISagaConsumeContextFactory<RolloutWork, RolloutState> contexts
) : ISagaRepositoryContextFactory<RolloutState>
{
    public void Probe(ProbeContext context) => context.Add("persistence", "npgsql");

    public async Task Send<T>(ConsumeContext<T> context, IPipe<SagaRepositoryContext<RolloutState, T>> next)
        where T : class
    {
        await using var scope = scopes.CreateAsyncScope();
        var writer = scope.ServiceProvider.GetRequiredService<VersionWriter>();
        await scope
            .ServiceProvider.GetRequiredService<ActTransaction>()
            .RunAsync<RolloutWork>(
                async (act, token) =>
                {
                    var work = new RolloutWork(act, writer, token);
                    await next.Send(new RolloutRepositoryContext<T>(work, context, contexts));
                    return work;
                },
                context.CancellationToken
            );
    }

    /// <summary>No message correlates by anything but the id.</summary>
    public Task SendQuery<T>(
        ConsumeContext<T> context,
        ISagaQuery<RolloutState> query,
        IPipe<SagaRepositoryQueryContext<RolloutState, T>> next
    )
        where T : class => throw new NotSupportedException("Rollouts are found by their id only.");
}
