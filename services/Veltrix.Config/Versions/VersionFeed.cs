using System.Text.Json;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;
using Npgsql;
using Veltrix.Config.Acts;
using Veltrix.Config.Store;
using Veltrix.Configuration;
using Veltrix.ServiceDefaults;

namespace Veltrix.Config.Versions;

/// <summary>
/// Keeps <see cref="CurrentVersion"/> at what the store holds. PostgreSQL announces an insert by NOTIFY to every replica;
/// since notifications are lost with the connection, each new connection begins with a read.
/// </summary>
public sealed partial class VersionFeed(
    IServiceScopeFactory scopes,
    IConfiguration configuration,
    CurrentVersion current,
    IOptions<FeedOptions> options,
    TimeProvider time,
    ILogger<VersionFeed> logger
) : SteadyService(time, logger)
{
    private const string FirstAuthor = "veltrix";
    private const string FirstReason = "Safe defaults";
    private const int KeepAliveSeconds = 10;
    private static readonly TimeSpan ShortestPause = TimeSpan.FromMilliseconds(250);
    private static readonly TimeSpan LongestPause = TimeSpan.FromSeconds(5);

    private readonly TaskCompletionSource _prepared = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private volatile bool _connected;

    /// <summary>Ends when the store has its tables and a first version.</summary>
    public Task Prepared => _prepared.Task;

    /// <summary>Whether announcements of the store arrive now.</summary>
    public bool Connected => _connected;

    protected override async Task RunAsync(CancellationToken stoppingToken)
    {
        var pause = ShortestPause;
        while (!stoppingToken.IsCancellationRequested)
        {
            try
            {
                await PrepareAsync(stoppingToken);
                await FollowAsync(() => pause = ShortestPause, stoppingToken);
            }
            catch (Exception exception) when (StoreFailure.Is(exception) && !stoppingToken.IsCancellationRequested)
            {
                Log.StoreAway(logger, exception.GetBaseException().Message, pause.TotalMilliseconds);
            }
            catch (JsonException exception)
            {
                Log.Unreadable(logger, exception.Message, pause.TotalMilliseconds);
            }
            finally
            {
                _connected = false;
            }
            await Task.Delay(pause, time, stoppingToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            pause = pause * 2 < LongestPause ? pause * 2 : LongestPause;
        }
    }

    private async Task PrepareAsync(CancellationToken cancellation)
    {
        if (_prepared.Task.IsCompleted)
            return;
        await using var scope = scopes.CreateAsyncScope();
        await scope.ServiceProvider.GetRequiredService<ConfigDbContext>().Database.MigrateAsync(cancellation);
        var first = await scope
            .ServiceProvider.GetRequiredService<VersionActs>()
            .PublishAsync(
                new VersionDraft(PlatformConfiguration.Default, FirstAuthor, FirstReason),
                number => number is null,
                cancellation
            );
        if (first.Value is not null)
            Log.FirstPublished(logger);
        _prepared.TrySetResult();
    }

    private async Task FollowAsync(Action connected, CancellationToken cancellation)
    {
        var connectionString = new NpgsqlConnectionStringBuilder(
            configuration.GetConnectionString(StoreExtensions.ConnectionName)
        )
        {
            // Kept open for hours and mostly silent: only a keep-alive tells a dead peer from a quiet one.
            KeepAlive = KeepAliveSeconds,
            Pooling = false,
        };
        await using var connection = new NpgsqlConnection(connectionString.ConnectionString);
        await connection.OpenAsync(cancellation);
        var announced = 0;
        connection.Notification += (_, notification) =>
            announced = Math.Max(
                announced,
                WholeNumber.TryRead(notification.Payload, out var number) ? number : int.MaxValue
            );
        await using (var listen = new NpgsqlCommand("listen veltrix_configuration", connection))
            await listen.ExecuteNonQueryAsync(cancellation);
        while (true)
        {
            await ReadAsync(cancellation);
            _connected = true;
            connected();
            bool isNew;
            do
            {
                announced = 0;
                // Announcements can be lost without the connection (a pooler between, a trigger dropped): look from time to time.
                var isSilent = !await connection.WaitAsync(options.Value.LongestSilence, cancellation);
                // What this replica published itself comes back here, just when it is busy telling its watchers.
                isNew = isSilent || !current.IsKnown(announced);
            } while (!isNew);
        }
    }

    private async Task ReadAsync(CancellationToken cancellation)
    {
        await using var scope = scopes.CreateAsyncScope();
        var stored = await scope.ServiceProvider.GetRequiredService<VersionStore>().CurrentAsync(cancellation);
        if (stored is not var (released, staged))
            return;
        var known = current.Value?.Number;
        if (current.Offer(released, staged) && released.Number != known)
            Log.NewVersion(logger, released.Number, released.Author, released.Hash);
    }

    private static partial class Log
    {
        [LoggerMessage(
            1,
            LogLevel.Warning,
            "The configuration store is away ({Cause}); trying again in {PauseMilliseconds} ms"
        )]
        public static partial void StoreAway(ILogger logger, string cause, double pauseMilliseconds);

        [LoggerMessage(2, LogLevel.Information, "First start: published the safe defaults as version 1")]
        public static partial void FirstPublished(ILogger logger);

        [LoggerMessage(
            4,
            LogLevel.Error,
            "The newest version in the store cannot be read ({Cause}); trying again in {PauseMilliseconds} ms"
        )]
        public static partial void Unreadable(ILogger logger, string cause, double pauseMilliseconds);

        [LoggerMessage(3, LogLevel.Information, "Configuration {Number} by {Author} is in force, hash {Hash}")]
        public static partial void NewVersion(ILogger logger, int number, string author, string hash);
    }
}
