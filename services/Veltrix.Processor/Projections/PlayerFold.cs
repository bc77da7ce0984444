using System.Runtime.InteropServices;
using Npgsql;
using Veltrix.Events;
using Veltrix.Events.ReferenceWorkload;
using Veltrix.Processor.Database;
using Veltrix.Processor.Leaderboard;

namespace Veltrix.Processor.Projections;

/// <summary>What a batch changes for each player.</summary>
internal sealed class PlayerFold(LeaderboardWriter leaderboard) : IFold
{
    private const string Upsert = """
        INSERT INTO players AS player (player, moves, meters, latitude, longitude, moved_at)
        SELECT * FROM unnest($1, $2, $3, $4, $5, $6)
        ON CONFLICT (player) DO UPDATE SET
            moves = player.moves + excluded.moves,
            meters = player.meters + excluded.meters,
            latitude = excluded.latitude,
            longitude = excluded.longitude,
            moved_at = excluded.moved_at
        RETURNING player, meters
        """;

    private readonly Dictionary<string, PlayerChange> _players = new(StringComparer.Ordinal);
    private readonly List<PlayerScore> _scores = [];

    /// <summary>The sums.</summary>
    public IReadOnlyDictionary<string, PlayerChange> Players => _players;

    public void Add(in EventRecord record, object data, int position)
    {
        var moved = (PlayerMoved)data;
        var at = (record.Time ?? record.RecordedTime ?? DateTimeOffset.UnixEpoch).UtcDateTime;
        Add(record.Subject!, new PlayerChange(1, moved.Meters, moved.Latitude, moved.Longitude, at, position));
    }

    public void Merge(IFold other)
    {
        foreach (var (player, change) in ((PlayerFold)other)._players)
            Add(player, change);
    }

    public bool Write(NpgsqlBatch batch)
    {
        if (_players.Count == 0)
            return false;
        var players = _players.Keys.ToArray();
        Array.Sort(players, StringComparer.Ordinal);
        var moves = new long[players.Length];
        var meters = new long[players.Length];
        var latitudes = new double[players.Length];
        var longitudes = new double[players.Length];
        var times = new DateTime[players.Length];
        for (var index = 0; index < players.Length; index++)
            (moves[index], meters[index], latitudes[index], longitudes[index], times[index], _) = _players[
                players[index]
            ];
        batch.BatchCommands.Add(
            new NpgsqlBatchCommand(Upsert)
            {
                Parameters =
                {
                    Parameter.Array(players),
                    Parameter.Array(moves),
                    Parameter.Array(meters),
                    Parameter.Array(latitudes),
                    Parameter.Array(longitudes),
                    Parameter.Array(times),
                },
            }
        );
        return true;
    }

    public void Read(NpgsqlDataReader row) => _scores.Add(new PlayerScore(row.GetString(0), row.GetInt64(1)));

    public void Committed() => leaderboard.Changed(_scores);

    private void Add(string player, PlayerChange change)
    {
        ref var sum = ref CollectionsMarshal.GetValueRefOrAddDefault(_players, player, out var exists);
        sum = exists ? sum.With(change) : change;
    }
}

/// <summary>What a batch changes for one player.</summary>
/// <param name="Moves">Reports.</param>
/// <param name="Meters">Metres walked.</param>
/// <param name="Latitude">Of the last report.</param>
/// <param name="Longitude">Of the last report.</param>
/// <param name="MovedAt">Time of the last report, UTC.</param>
/// <param name="Position">Place of the last report in the order of arrival.</param>
internal readonly record struct PlayerChange(
    long Moves,
    long Meters,
    double Latitude,
    double Longitude,
    DateTime MovedAt,
    int Position
)
{
    public PlayerChange With(PlayerChange other)
    {
        var last = other.Position > Position ? other : this;
        return last with { Moves = Moves + other.Moves, Meters = Meters + other.Meters };
    }
}
