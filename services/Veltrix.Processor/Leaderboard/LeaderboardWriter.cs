using System.Threading.Channels;
using Npgsql;
using StackExchange.Redis;
using Veltrix.Processor.Database;
using Veltrix.ServiceDefaults;

namespace Veltrix.Processor.Leaderboard;

/// <summary>
/// Brings committed scores to Redis, beside the batches: they never wait for it. Scores that Redis did not take are kept
/// and written again; when they become too many, or when Redis lost its data, the set is rebuilt from PostgreSQL.
/// </summary>
internal sealed partial class LeaderboardWriter(
    LeaderboardStore store,
    ProcessingDatabase database,
    TimeProvider time,
    ILogger<LeaderboardWriter> logger
) : SteadyService(time, logger)
{
    private const int MostDirtyPlayers = 100_000;
    private const int PlayersPerCommand = 1_000;
    private const int PlayersPerPage = 10_000;
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(1);

    // How soon a silent node notices that Redis lost its data.
    private static readonly TimeSpan Look = TimeSpan.FromSeconds(5);

    private readonly Lock _gate = new();
    private readonly Dictionary<string, long> _dirty = new(StringComparer.Ordinal);
    private readonly Channel<bool> _wake = Channel.CreateBounded<bool>(
        new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropWrite }
    );
    private bool _overflowed;

    /// <summary>Scores as they stand after a commit. Never blocks.</summary>
    public void Changed(IReadOnlyList<PlayerScore> scores)
    {
        if (scores.Count == 0)
            return;
        lock (_gate)
        {
            foreach (var (player, meters) in scores)
                Keep(player, meters);
        }
        _wake.Writer.TryWrite(true);
    }

    /// <summary>Writes all players of PostgreSQL, then marks the set as complete.</summary>
    public async Task RebuildAsync(CancellationToken cancellation)
    {
        var after = "";
        long written = 0;
        while (true)
        {
            var page = await ReadPageAsync(after, cancellation);
            foreach (var scores in page.Chunk(PlayersPerCommand))
                await store.WriteAsync(scores).WaitAsync(cancellation);
            written += page.Count;
            if (page.Count < PlayersPerPage)
                break;
            after = page[^1].Player;
        }
        await store.MarkCompleteAsync().WaitAsync(cancellation);
        Log.Rebuilt(logger, written);
    }

    protected override async Task RunAsync(CancellationToken stoppingToken)
    {
        await database.ReadyAsync(stoppingToken);
        while (!stoppingToken.IsCancellationRequested)
        {
            var scores = TakeDirty();
            try
            {
                await WriteAsync(scores, stoppingToken);
            }
            catch (Exception failure) when (!stoppingToken.IsCancellationRequested)
            {
                lock (_gate)
                {
                    foreach (var (player, meters) in scores)
                        Keep(player, meters);
                }
                Log.Delayed(logger, scores.Length, failure.Message);
                await Task.Delay(Pause, time, stoppingToken);
                continue;
            }
            await WaitAsync(stoppingToken);
        }
    }

    private async Task WriteAsync(PlayerScore[] scores, CancellationToken cancellation)
    {
        var complete = true;
        foreach (var part in scores.Chunk(PlayersPerCommand))
            complete &= await store.WriteAsync(part).WaitAsync(cancellation);
        if (scores.Length == 0)
            complete = await store.WriteAsync([]).WaitAsync(cancellation);
        if (TakeOverflow() || !complete)
            await RebuildOrOverflowAsync(cancellation);
    }

    private async Task RebuildOrOverflowAsync(CancellationToken cancellation)
    {
        try
        {
            await RebuildAsync(cancellation);
        }
        catch
        {
            lock (_gate)
                _overflowed = true;
            throw;
        }
    }

    /// <summary>Whether scores were dropped; one that is dropped from now on, during a rebuild, leads to the next.</summary>
    private bool TakeOverflow()
    {
        lock (_gate)
        {
            var overflowed = _overflowed;
            _overflowed = false;
            return overflowed;
        }
    }

    /// <summary>Waits for work, for a moment at most: Redis may lose its data while nobody plays.</summary>
    private async Task WaitAsync(CancellationToken cancellation)
    {
        using var look = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        using var timer = time.CreateTimer(_ => look.Cancel(), null, Look, Timeout.InfiniteTimeSpan);
        try
        {
            await _wake.Reader.ReadAsync(look.Token);
        }
        catch (OperationCanceledException) when (!cancellation.IsCancellationRequested)
        {
            // Time to look.
        }
    }

    private PlayerScore[] TakeDirty()
    {
        lock (_gate)
        {
            PlayerScore[] scores = [.. _dirty.Select(entry => new PlayerScore(entry.Key, entry.Value))];
            _dirty.Clear();
            return scores;
        }
    }

    private void Keep(string player, long meters)
    {
        if (_dirty.TryGetValue(player, out var known))
            _dirty[player] = Math.Max(known, meters);
        else if (_dirty.Count < MostDirtyPlayers)
            _dirty[player] = meters;
        else
            _overflowed = true;
    }

    private async Task<List<PlayerScore>> ReadPageAsync(string after, CancellationToken cancellation)
    {
        await using var command = database.Source.CreateCommand(
            "SELECT player, meters FROM players WHERE player > $1 ORDER BY player LIMIT $2"
        );
        command.Parameters.Add(new NpgsqlParameter<string> { TypedValue = after });
        command.Parameters.Add(new NpgsqlParameter<int> { TypedValue = PlayersPerPage });
        var page = new List<PlayerScore>();
        await using var reader = await command.ExecuteReaderAsync(cancellation);
        while (await reader.ReadAsync(cancellation))
            page.Add(new PlayerScore(reader.GetString(0), reader.GetInt64(1)));
        return page;
    }

    private static partial class Log
    {
        [LoggerMessage(1, LogLevel.Warning, "{Count} scores could not be brought to Redis yet: {Reason}")]
        public static partial void Delayed(ILogger logger, int count, string reason);

        [LoggerMessage(2, LogLevel.Information, "The leaderboard was rebuilt with {Count} players")]
        public static partial void Rebuilt(ILogger logger, long count);
    }
}
