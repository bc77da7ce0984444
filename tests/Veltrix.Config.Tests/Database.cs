using Npgsql;
using Veltrix.Testing;

namespace Veltrix.Config.Tests;

/// <summary>A database of a test's own; it does not exist yet, as on a first start.</summary>
internal sealed class Database : IAsyncDisposable
{
    private readonly string _server;
    private readonly string _name = $"config_{Guid.NewGuid():N}";

    private Database(string server)
    {
        _server = server;
        ConnectionString = new NpgsqlConnectionStringBuilder(server) { Database = _name }.ConnectionString;
    }

    public string ConnectionString { get; }

    public static async Task<Database> NewAsync() => new(await Servers.PostgresAsync());

    public async Task<NpgsqlConnection> OpenAsync()
    {
        var connection = new NpgsqlConnection(ConnectionString);
        await connection.OpenAsync();
        return connection;
    }

    /// <summary>Ends every connection and refuses new ones, as a server does that goes away.</summary>
    public Task TakeAwayAsync() =>
        OnServerAsync(
            $"alter database {_name} with allow_connections false",
            $"select pg_terminate_backend(pid) from pg_stat_activity where datname = '{_name}'"
        );

    public Task BringBackAsync() => OnServerAsync($"alter database {_name} with allow_connections true");

    public async ValueTask DisposeAsync()
    {
        await OnServerAsync($"drop database if exists {_name} with (force)");
    }

    private async Task OnServerAsync(params string[] statements)
    {
        await using var server = new NpgsqlConnection(_server);
        await server.OpenAsync();
        foreach (var statement in statements)
        {
            await using var command = new NpgsqlCommand(statement, server);
            await command.ExecuteNonQueryAsync();
        }
    }
}
