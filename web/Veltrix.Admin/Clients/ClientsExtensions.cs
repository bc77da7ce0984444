using Microsoft.Extensions.Http.Resilience;
using Veltrix.Admin.Security;

namespace Veltrix.Admin.Clients;

/// <summary>Typed clients; service discovery turns the names of the services into addresses.</summary>
internal static class ClientsExtensions
{
    public static void AddClients(this WebApplicationBuilder builder)
    {
        // Pollers ask again by themselves, and people want to read the service's own answer at once, not a retry's.
        builder.Services.ConfigureAll<HttpStandardResilienceOptions>(options =>
        {
            options.Retry.ShouldHandle = static _ => ValueTask.FromResult(false);
            options.CircuitBreaker.ShouldHandle = static _ => ValueTask.FromResult(false);
        });
        builder.Services.AddSingleton<SiteKey>();
        builder.Services.AddSingleton<SiteClients>();
        builder.Services.AddScoped<IRequestKey, SessionKey>();
        AddClient<ConfigClient>(builder.Services, "config");
        AddClient<ProposalClient>(builder.Services, "config");
        AddClient<RolloutClient>(builder.Services, "config");
        AddClient<PolicyClient>(builder.Services, "config");
        AddClient<ProcessorClient>(builder.Services, "processor");
    }

    private static void AddClient<T>(IServiceCollection services, string service)
        where T : ServiceClient =>
        services.AddHttpClient<T>(typeof(T).Name, client => client.BaseAddress = new Uri($"http://{service}"));
}
