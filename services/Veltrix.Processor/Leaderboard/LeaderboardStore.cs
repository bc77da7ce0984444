using System.Globalization;
using Microsoft.Extensions.Options;
using StackExchange.Redis;

namespace Veltrix.Processor.Leaderboard;

/// <summary>The leaderboard in Redis: a sorted set of absolute metres, and a mark that says it was once filled completely.</summary>
internal sealed class LeaderboardStore(IConnectionMultiplexer redis, IOptions<ProcessorOptions> options)
{
    private readonly RedisKey _scores = options.Value.KeyPrefix + "leaderboard:meters";

    // A server that lost its data loses the mark too, even if new scores came in before anybody looked.
    private readonly RedisKey _complete = options.Value.KeyPrefix + "leaderboard:complete";

    private readonly IDatabase _database = redis.GetDatabase();

    /// <summary>
    /// Writes absolute scores in one command. GT keeps the higher one: metres only grow, so writers that overtake each
    /// other, on one node or two, end up with the same set in any order. Source: redis.io, ZADD, since 6.2.
    /// </summary>
    /// <returns>Whether the set is complete; if not, it wants to be rebuilt.</returns>
    public async Task<bool> WriteAsync(IReadOnlyList<PlayerScore> scores)
    {
        var arguments = new object[2 + (2 * scores.Count)];
        arguments[0] = _scores;
        arguments[1] = "GT";
        for (var index = 0; index < scores.Count; index++)
        {
            arguments[2 + (2 * index)] = scores[index].Meters.ToString(CultureInfo.InvariantCulture);
            arguments[3 + (2 * index)] = scores[index].Player;
        }
        var write = scores.Count == 0 ? Task.CompletedTask : _database.ExecuteAsync("ZADD", arguments);
        var complete = _database.KeyExistsAsync(_complete);
        await write;
        return await complete;
    }

    /// <summary>Marks the set as complete.</summary>
    public Task MarkCompleteAsync() => _database.StringSetAsync(_complete, "1");

    /// <summary>The first <paramref name="limit"/> players.</summary>
    public async Task<IReadOnlyList<PlayerScore>> ReadAsync(int limit)
    {
        var entries = await _database.SortedSetRangeByRankWithScoresAsync(_scores, 0, limit - 1, Order.Descending);
        return [.. entries.Select(entry => new PlayerScore((string)entry.Element!, (long)entry.Score))];
    }
}
