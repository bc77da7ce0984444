using System.Net.Http.Headers;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Veltrix.Testing;

namespace Veltrix.ServiceDefaults.Tests;

/// <summary>A service with the defaults, on Kestrel and a free port.</summary>
internal sealed class TestService : IAsyncDisposable
{
    private TestService(WebApplication app, RecordedLogs logs)
    {
        App = app;
        Logs = logs;
        Client = new HttpClient { BaseAddress = new Uri(app.Urls.First()) };
    }

    public WebApplication App { get; }
    public HttpClient Client { get; }
    public RecordedLogs Logs { get; }

    public static async Task<TestService> StartAsync(
        Action<WebApplication>? map = null,
        Action<WebApplicationBuilder>? configure = null,
        params (string Key, string Value)[] settings
    )
    {
        var builder = WebApplication.CreateBuilder(
            new WebApplicationOptions
            {
                // What the AppHost runs services in; it also validates the scopes of services.
                EnvironmentName = Environments.Development,
                ContentRootPath = AppContext.BaseDirectory,
            }
        );
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        builder.Configuration.AddInMemoryCollection(
            settings.Select(setting => KeyValuePair.Create(setting.Key, (string?)setting.Value))
        );
        builder.AddServiceDefaults();
        var logs = new RecordedLogs();
        builder.Logging.ClearProviders().AddProvider(logs).SetMinimumLevel(LogLevel.Trace);
        configure?.Invoke(builder);
        var app = builder.Build();
        map?.Invoke(app);
        app.MapDefaultEndpoints();
        await app.StartAsync(TestContext.Current.CancellationToken);
        return new TestService(app, logs);
    }

    public void UseKey(string key) =>
        Client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", key);

    public async ValueTask DisposeAsync()
    {
        Client.Dispose();
        if (!App.Lifetime.ApplicationStopped.IsCancellationRequested)
            await App.StopAsync(TestContext.Current.CancellationToken);
        await App.DisposeAsync();
    }
}
