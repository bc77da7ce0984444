using System.Net.Http.Headers;
using Veltrix.Testing;

namespace Veltrix.Config.Tests;

/// <summary>The service as a process of its own, on a port that it keeps, so that it can be killed and started again.</summary>
internal sealed class ConfigProcess : IConfigService, IAsyncDisposable
{
    private readonly Database _database;
    private readonly Uri _address = new($"http://127.0.0.1:{Servers.FreePort()}");
    private TestProcess? _process;

    public ConfigProcess(Database database) => _database = database;

    public int Port => _address.Port;

    public HttpClient As(string? name)
    {
        var client = new HttpClient { BaseAddress = _address };
        if (name is not null)
            client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", Replica.KeyOf(name));
        return client;
    }

    /// <summary>Starts it, again or for the first time, and returns when it is ready.</summary>
    public async Task StartAsync()
    {
        var settings = new Dictionary<string, string>(Replica.Settings(_database))
        {
            ["ASPNETCORE_URLS"] = _address.ToString(),
        };
        _process = await TestProcess.StartAsync(
            TestProcess.Dotnet(Path.Combine(AppContext.BaseDirectory, "Veltrix.Config.dll"), settings),
            new Uri(_address, "/health"),
            TestContext.Current.CancellationToken
        );
    }

    /// <summary>kill -9.</summary>
    public async Task KillAsync()
    {
        if (_process is not null)
            await _process.DisposeAsync();
        _process = null;
    }

    public async ValueTask DisposeAsync() => await KillAsync();
}
