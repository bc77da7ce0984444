using MassTransit;
using MassTransit.Configuration;
using MassTransit.Saga;

namespace Veltrix.Config.Rollouts;

internal static class RolloutExtensions
{
    public static void AddRollouts(this IServiceCollection services)
    {
        services.AddOptions<RolloutOptions>().BindConfiguration(RolloutOptions.Section);
        services.AddScoped<RolloutStore>();
        services.AddSingleton<RolloutCommands>();
        services.AddMediator(mediator =>
            mediator
                .AddSagaStateMachine<RolloutStateMachine, RolloutState>()
                .Repository(repository =>
                    repository.RegisterSagaRepository<
                        RolloutState,
                        RolloutWork,
                        SagaConsumeContextFactory<RolloutWork, RolloutState>,
                        RolloutRepository
                    >()
                )
        );
        services.AddSingleton<RolloutDriver>();
        services.AddHostedService(provider => provider.GetRequiredService<RolloutDriver>());
    }
}
