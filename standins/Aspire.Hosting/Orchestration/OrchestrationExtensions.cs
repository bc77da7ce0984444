using Aspire.Hosting.ApplicationModel;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;

namespace Aspire.Hosting.Orchestration;

internal static class OrchestrationExtensions
{
    /// <summary>Registers what runs the model on this machine; called by the builder in run mode.</summary>
    internal static void AddLocalOrchestration(this IDistributedApplicationBuilder builder)
    {
        builder.Services.AddSingleton(services =>
            OrchestrationOptions.Read(services.GetRequiredService<IConfiguration>(), builder.AppHostDirectory)
        );
        builder.Services.AddSingleton(services => new SecretFiles(
            services.GetRequiredService<OrchestrationOptions>().DataDirectory
        ));
        builder.Services.AddSingleton<IParameterStore>(services => services.GetRequiredService<SecretFiles>());
        builder.Services.AddHostedService<LocalOrchestrator>();
    }
}
