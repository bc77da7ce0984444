using System.Net.Http.Headers;
using System.Net.ServerSentEvents;
using Npgsql;
using Veltrix.Testing;

namespace Veltrix.Config.Benchmarks;

/// <summary>The configuration service as it is deployed, in a process and with a database of its own. PostgreSQL waits for the disk.</summary>
internal sealed class ConfigService : IAsyncDisposable
{
    private const string Key = "only-for-benchmarks";
    private const int MaximumWatchers = 20_000;
    private static readonly Lazy<Task<string>> Postgres = new(Servers.DurablePostgresAsync);

    private readonly TestProcess _process;
    private readonly TemporaryDirectory _directory;

    private ConfigService(Uri address, TestProcess process, TemporaryDirectory directory) =>
        (Address, _process, _directory) = (address, process, directory);

    public Uri Address { get; }

    public string KeyFile => _directory.Combine("key");

    public int ProcessId => _process.Id;

    public static async Task<ConfigService> StartAsync(CancellationToken cancellation)
    {
        var directory = new TemporaryDirectory();
        await File.WriteAllTextAsync(directory.Combine("key"), Key, cancellation);
        var database = new NpgsqlConnectionStringBuilder(await Postgres.Value)
        {
            Database = $"config_{Guid.NewGuid():N}",
        };
        var address = new Uri($"http://127.0.0.1:{Servers.FreePort()}");
        var start = TestProcess.Dotnet(
            Path.Combine(Repository.Root, "services/Veltrix.Config/bin/Release/net10.0/Veltrix.Config.dll"),
            new Dictionary<string, string>
            {
                ["ASPNETCORE_URLS"] = address.ToString(),
                ["ConnectionStrings:configdb"] = database.ConnectionString,
                ["Keys:Operator"] = Key,
                ["Watch:MaximumWatchers"] = $"{MaximumWatchers}",
            }
        );
        var process = await TestProcess.StartAsync(start, new Uri(address, "/health"), cancellation);
        return new ConfigService(address, process, directory);
    }

    /// <summary>The version in force as each watcher gets it.</summary>
    public async Task<byte[]> VersionBytesAsync(CancellationToken cancellation)
    {
        using var client = new HttpClient { BaseAddress = Address };
        client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", Key);
        await using var watch = await client.GetStreamAsync("/configuration/watch", cancellation);
        await foreach (var item in SseParser.Create(watch, (_, data) => data.ToArray()).EnumerateAsync(cancellation))
            return item.Data;
        throw new InvalidOperationException("The configuration service ended the watch.");
    }

    public async ValueTask DisposeAsync()
    {
        await _process.DisposeAsync();
        _directory.Dispose();
    }
}
