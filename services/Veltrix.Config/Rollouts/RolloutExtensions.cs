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
        services.AddScoped<IRolloutClock, DatabaseClock>();
        services.AddSingleton<RolloutCommands>();
        // It would call home; see also the processor.
        Environment.SetEnvironmentVariable("MASSTRANSIT_USAGE_TELEMETRY", "false");
        // It logs every exception as an error, also a refusal that the caller is told; each reaches a caller of ours.
        services.AddLogging(logging => logging.AddFilter("MassTransit", LogLevel.None));
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
