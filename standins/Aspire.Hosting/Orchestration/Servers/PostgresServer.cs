using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Npgsql;

namespace Aspire.Hosting.Orchestration;

/// <summary>PostgreSQL as a process: own data directory, password authentication, loopback TCP only, never as root.</summary>
/// <param name="userName">The superuser's name.</param>
/// <param name="password">Its password.</param>
/// <param name="databases">The databases that exist once the server is healthy.</param>
internal sealed class PostgresServer(
    Func<CancellationToken, ValueTask<string>> userName,
    Func<CancellationToken, ValueTask<string>> password,
    Func<IReadOnlyCollection<string>> databases
) : LocalServer
{
    private const int ProbeTimeoutSeconds = 3;
    private const int LeftOverLimitTicks = 60;

    public override int DefaultPort => 25432;

    public override async Task<ProcessSpecification> PrepareAsync(
        LocalServerContext context,
        CancellationToken cancellation
    )
    {
        var binaries = await PostgresBinaries.FindAsync(context.Progress, cancellation);
        var user = ServerUser.ForServers();
        var home = await HomeAsync(context, user, cancellation);
        var data = Path.Combine(home, context.Name);
        if (!Directory.Exists(data))
            await InitializeAsync(context, binaries, user, home, data, cancellation);
        await RemoveStaleLockAsync(data, cancellation);
        DataLocation = data;

        string[] settings =
        [
            "listen_addresses=127.0.0.1",
            string.Create(CultureInfo.InvariantCulture, $"port={context.Port}"),
            "unix_socket_directories=",
            "shared_buffers=128MB",
            "max_connections=200",
            "wal_compression=on",
            // Checkpoints spread over minutes cost less than many small ones while load runs.
            "max_wal_size=1GB",
            // Compiling a query pays for none of the short ones that services run.
            "jit=off",
            "log_checkpoints=off",
            "log_line_prefix=",
            .. context.Durable ? Array.Empty<string>() : ["fsync=off", "full_page_writes=off"],
        ];
        return Specification(
            binaries,
            user,
            binaries.Server,
            ["-D", data, .. settings.SelectMany(setting => new[] { "-c", setting })]
        ) with
        {
            // Fast shutdown: ends sessions and writes a checkpoint; SIGTERM would wait for clients to leave.
            StopSignal = NativeMethods.Interrupt,
        };
    }

    public override async Task<bool> ProbeAsync(LocalServerContext context, CancellationToken cancellation)
    {
        try
        {
            await using var connection = await OpenAsync(context, cancellation);
            return true;
        }
        catch (PostgresException error) when (error.SqlState == PostgresErrorCodes.InvalidPassword)
        {
            throw new DistributedApplicationException(
                $"The data in {DataLocation} was made with another password than the one in secrets/: put that one back, or remove the data.",
                error
            );
        }
        catch (NpgsqlException)
        {
            return false;
        }
    }

    public override async Task CompleteAsync(LocalServerContext context, CancellationToken cancellation)
    {
        await using var connection = await OpenAsync(context, cancellation);
        foreach (var database in databases())
        {
            await using var exists = new NpgsqlCommand("SELECT 1 FROM pg_database WHERE datname = $1", connection);
            exists.Parameters.AddWithValue(database);
            if (await exists.ExecuteScalarAsync(cancellation) is not null)
                continue;
            var quoted = database.Replace("\"", "\"\"", StringComparison.Ordinal);
            await using var create = new NpgsqlCommand($"CREATE DATABASE \"{quoted}\"", connection);
            await create.ExecuteNonQueryAsync(cancellation);
        }
    }

    private async Task<NpgsqlConnection> OpenAsync(LocalServerContext context, CancellationToken cancellation)
    {
        var connection = new NpgsqlConnection(
            new NpgsqlConnectionStringBuilder
            {
                Host = "127.0.0.1",
                Port = context.Port,
                Username = await userName(cancellation),
                Password = await password(cancellation),
                Database = "postgres",
                Timeout = ProbeTimeoutSeconds,
                CommandTimeout = 30,
                Pooling = false,
            }.ConnectionString
        );
        try
        {
            await connection.OpenAsync(cancellation);
            return connection;
        }
        catch
        {
            await connection.DisposeAsync();
            throw;
        }
    }

    /// <summary>
    /// The directory that holds the data: the AppHost's, or, when the server's user cannot enter that (root's home is
    /// closed), one below /var/lib/veltrix that is always the same for the same clone.
    /// </summary>
    private static async Task<string> HomeAsync(
        LocalServerContext context,
        ServerUser? user,
        CancellationToken cancellation
    )
    {
        if (user is null || await user.CanEnterAsync(context.DataDirectory, cancellation))
            return context.DataDirectory;
        var clone = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(context.DataDirectory)))[..12];
        return Directory.CreateDirectory(Path.Combine("/var/lib/veltrix", clone)).FullName;
    }

    /// <summary>initdb into a directory of another name, renamed when complete: a killed first start leaves no half cluster.</summary>
    private async Task InitializeAsync(
        LocalServerContext context,
        PostgresBinaries binaries,
        ServerUser? user,
        string home,
        string data,
        CancellationToken cancellation
    )
    {
        context.Progress("initialising a new PostgreSQL data directory");
        var draft = Path.Combine(home, $"{context.Name}.new");
        var passwordFile = Path.Combine(home, $"{context.Name}.password");
        if (Directory.Exists(draft))
            Directory.Delete(draft, recursive: true);
        Directory.CreateDirectory(draft, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        user?.Own(draft);
        try
        {
            AtomicFile.Write(
                passwordFile,
                await password(cancellation),
                UnixFileMode.UserRead | UnixFileMode.UserWrite
            );
            user?.Own(passwordFile);
            var specification = Specification(
                binaries,
                user,
                binaries.Initialize,
                [
                    $"--pgdata={draft}",
                    $"--username={await userName(cancellation)}",
                    $"--pwfile={passwordFile}",
                    "--auth=scram-sha-256",
                    "--encoding=UTF8",
                    "--locale=C.UTF-8",
                    "--no-instructions",
                    .. context.Durable ? Array.Empty<string>() : ["--no-sync"],
                ]
            );
            await ShortCommand.RunAsync(specification, cancellation);
        }
        finally
        {
            File.Delete(passwordFile);
        }
        Directory.Move(draft, data);
    }

    /// <summary>
    /// After a crash of the machine the id in postmaster.pid may belong to another process of the same user, and the
    /// server would refuse to start. A server that does run on this data was left over: we hold the AppHost's lock.
    /// </summary>
    private static async Task RemoveStaleLockAsync(string data, CancellationToken cancellation)
    {
        var path = Path.Combine(data, "postmaster.pid");
        if (!File.Exists(path))
            return;
        // The first line is the id; the server's working directory is its data directory.
        if (
            int.TryParse(File.ReadLines(path).FirstOrDefault(), CultureInfo.InvariantCulture, out var processId)
            && ProcessIdentity.Of(processId) is { } server
            && WorkingDirectory(processId) == data
        )
        {
            server.Signal(NativeMethods.Interrupt);
            using var timer = new PeriodicTimer(TimeSpan.FromMilliseconds(50));
            for (var ticks = 0; server.IsAlive && await timer.WaitForNextTickAsync(cancellation); ticks++)
            {
                if (ticks == LeftOverLimitTicks)
                    server.Signal(NativeMethods.Quit);
            }
        }
        File.Delete(path);
    }

    private static string? WorkingDirectory(int processId)
    {
        try
        {
            return File.ResolveLinkTarget($"/proc/{processId}/cwd", returnFinalTarget: false)?.FullName;
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }

    private static ProcessSpecification Specification(
        PostgresBinaries binaries,
        ServerUser? user,
        string program,
        IReadOnlyList<string> arguments
    )
    {
        string[] command = [.. user?.Command(program) ?? [program], .. arguments];
        return new ProcessSpecification(command[0], command[1..])
        {
            WorkingDirectory = "/",
            Environment = binaries.Environment,
        };
    }
}
