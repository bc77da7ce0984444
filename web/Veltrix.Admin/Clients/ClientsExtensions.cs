using Microsoft.Extensions.Http.Resilience;

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
        builder.Services.AddTransient<OperatorKeyHandler>();
        builder
            .Services.AddHttpClient<ConfigClient>(client => client.BaseAddress = new Uri("http://config"))
            .AddHttpMessageHandler<OperatorKeyHandler>();
        builder
            .Services.AddHttpClient<ProcessorClient>(client => client.BaseAddress = new Uri("http://processor"))
            .AddHttpMessageHandler<OperatorKeyHandler>();
    }
}
