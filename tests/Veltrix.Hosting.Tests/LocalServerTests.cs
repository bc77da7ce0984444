using System.Globalization;
using Aspire.Hosting.Orchestration;
using Npgsql;
using Veltrix.Testing;

namespace Veltrix.Hosting.Tests;

public sealed class LocalServerTests : IDisposable
{
    private const string Password = "p, ss=wörd";
    private readonly TemporaryDirectory _directory = new(isOpenToOthers: true);
    private readonly LocalServerContext _context;

    public LocalServerTests() => _context = new LocalServerContext("server", _directory.Path, Ports.Free(), _ => { });

    [Fact]
    public async Task Postgres_FirstStart_HasPasswordDatabasesAndLoopbackOnly()
    {
        var server = Postgres("configdb", "odd\"name");
        await using var running = await RunAsync(server);

        await using var connection = await ConnectAsync("odd\"name");
        (await ScalarAsync(connection, "SHOW listen_addresses")).ShouldBe("127.0.0.1");
        (await ScalarAsync(connection, "SHOW unix_socket_directories")).ShouldBe("");
        (await ScalarAsync(connection, "SHOW password_encryption")).ShouldBe("scram-sha-256");
        await Should.ThrowAsync<PostgresException>(() => ConnectAsync("configdb", "wrong"));
        if (Environment.IsPrivilegedProcess)
            OwnerOf(running.Child.Identity.ProcessId).ShouldNotBe("0");
    }

    [Fact]
    public async Task Postgres_KilledAndItsLockPointsAtAStranger_StartsAgainWithAllData()
    {
        var server = Postgres("db");
        await using (var running = await RunAsync(server))
        {
            await using var connection = await ConnectAsync("db");
            await ScalarAsync(connection, "CREATE TABLE kept AS SELECT 42 AS answer; SELECT 1");
            running.Child.Identity.KillGroup();
            await running.Child.Exited;
        }
        // As after a crash of the machine: the id in the lock file belongs to somebody else by now.
        var pidFile = Path.Combine(server.DataLocation!, "postmaster.pid");
        var lines = await File.ReadAllLinesAsync(pidFile, Cancellation);
        lines[0] = Environment.ProcessId.ToString(CultureInfo.InvariantCulture);
        await File.WriteAllLinesAsync(pidFile, lines, Cancellation);

        await using var again = await RunAsync(Postgres("db"));

        await using var after = await ConnectAsync("db");
        (await ScalarAsync(after, "SELECT answer FROM kept")).ShouldBe(42);
    }

    [Fact]
    public async Task Postgres_InitialisationWasCut_StartsOver()
    {
        Directory.CreateDirectory(_directory.Combine("server.new"));
        await File.WriteAllTextAsync(_directory.Combine("server.new/PG_VERSION"), "half", Cancellation);

        await using var running = await RunAsync(Postgres("db"));

        await using var connection = await ConnectAsync("db");
        (await ScalarAsync(connection, "SELECT 1")).ShouldBe(1);
    }

    [Fact]
    public async Task Postgres_DataOfAnotherPassword_SaysSo()
    {
        await using (await RunAsync(Postgres()))
        {
            // Its data now has the password.
        }
        var other = new PostgresServer(_ => new("postgres"), _ => new("another"), () => []);

        var error = await Should.ThrowAsync<Aspire.Hosting.DistributedApplicationException>(() => RunAsync(other));

        error.Message.ShouldContain("secrets/");
    }

    [Fact]
    public async Task Garnet_Killed_KeepsWhatItAcknowledged()
    {
        const string password = "letters-only";
        var server = new GarnetServer(_ => new(password), Repository.Root);
        await using (var running = await RunAsync(server))
        {
            await using var redis = await RespClient.ConnectAsync(_context.Port, password);
            for (var index = 0; index < 100; index++)
                (
                    await redis.AskAsync("ZADD", "board", index.ToString(CultureInfo.InvariantCulture), $"p{index}")
                ).ShouldBe(":1");
            running.Child.Identity.KillGroup();
            await running.Child.Exited;
        }

        await using var again = await RunAsync(server);

        await using var after = await RespClient.ConnectAsync(_context.Port, password);
        (await after.AskAsync("ZCARD", "board")).ShouldBe(":100");
    }

    [Fact]
    public async Task Garnet_StoppedAndStarted_KeepsItsData()
    {
        const string password = "letters-only";
        var server = new GarnetServer(_ => new(password), Repository.Root);
        await using (var running = await RunAsync(server))
        {
            await using var redis = await RespClient.ConnectAsync(_context.Port, password);
            (await redis.AskAsync("SET", "a", "b")).ShouldBe("+OK");
        }

        await using var again = await RunAsync(server);

        await using var after = await RespClient.ConnectAsync(_context.Port, password);
        (await after.AskAsync("STRLEN", "a")).ShouldBe(":1");
    }

    [Fact]
    public async Task Garnet_WrongPassword_IsRefused()
    {
        await using var running = await RunAsync(new GarnetServer(_ => new("right"), Repository.Root));

        await Should.ThrowAsync<InvalidOperationException>(() => RespClient.ConnectAsync(_context.Port, "wrong"));
        (
            await File.ReadAllTextAsync($"/proc/{running.Child.Identity.ProcessId}/cmdline", Cancellation)
        ).ShouldNotContain("right");
    }

    public void Dispose() => _directory.Dispose();

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    private static PostgresServer Postgres(params string[] databases) =>
        new(_ => new("postgres"), _ => new(Password), () => databases);

    private async Task<RunningServer> RunAsync(LocalServer server)
    {
        var specification = await server.PrepareAsync(_context, Cancellation);
        var running = new RunningServer(ChildProcess.Start(specification, _ => { }));
        try
        {
            await Eventually.HoldsAsync(() => server.ProbeAsync(_context, Cancellation), TimeSpan.FromMinutes(1));
            await server.CompleteAsync(_context, Cancellation);
            return running;
        }
        catch
        {
            await running.DisposeAsync();
            throw;
        }
    }

    private async Task<NpgsqlConnection> ConnectAsync(string database, string password = Password)
    {
        var connection = new NpgsqlConnection(
            new NpgsqlConnectionStringBuilder
            {
                Host = "127.0.0.1",
                Port = _context.Port,
                Username = "postgres",
                Password = password,
                Database = database,
                Pooling = false,
            }.ConnectionString
        );
        await connection.OpenAsync(Cancellation);
        return connection;
    }

    private static async Task<object?> ScalarAsync(NpgsqlConnection connection, string sql)
    {
        await using var command = new NpgsqlCommand(sql, connection);
        return await command.ExecuteScalarAsync(Cancellation);
    }

    // "Uid:	101	101	101	101"
    private static string OwnerOf(int processId) =>
        File.ReadLines($"/proc/{processId}/status")
            .Single(line => line.StartsWith("Uid:", StringComparison.Ordinal))
            .Split('\t')[1];

    private sealed class RunningServer(ChildProcess child) : IAsyncDisposable
    {
        public ChildProcess Child => child;

        public async ValueTask DisposeAsync()
        {
            await child.StopAsync(TimeSpan.FromSeconds(30));
            child.Dispose();
        }
    }
}
