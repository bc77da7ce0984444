using Veltrix.Events.ReferenceWorkload;

namespace Veltrix.EndToEnd.Tests;

/// <summary>Events of the reference workload, as a producer would write them.</summary>
internal static class Workload
{
    public static string NewSource() => $"/end-to-end/{Guid.NewGuid():N}";

    public static object Event(string source, string id, string type, string subject, object data) =>
        new
        {
            specversion = "1.0",
            id,
            source,
            type,
            subject,
            time = TimeProvider.System.GetUtcNow().ToString("O"),
            data,
        };

    /// <summary>Moves of several players in turn, far enough to lead the leaderboard whoever else moves.</summary>
    public static IEnumerable<object> Moves(
        string source,
        string playerPrefix,
        int players,
        int count,
        int firstId = 0
    ) =>
        Enumerable
            .Range(firstId, count)
            .Select(i =>
                Event(
                    source,
                    $"{i}",
                    WorkloadEventTypes.PlayerMoved,
                    $"{playerPrefix}{i % players}",
                    new
                    {
                        latitude = 52.5 + i % 10 * 0.01,
                        longitude = 13.4,
                        meters = Meters(i),
                    }
                )
            );

    /// <summary>How far move <paramref name="move"/> goes, in metres.</summary>
    public static int Meters(int move) => 100_000 + move % 7;

    /// <summary>A whole hunt in its order: started, every clue, claimed by the player who found the last one.</summary>
    public static IEnumerable<object> Hunt(string source, string hunt, int clues, string player)
    {
        yield return Event(
            source,
            $"{hunt}-started",
            WorkloadEventTypes.HuntStarted,
            hunt,
            new { name = $"Hunt {hunt}", clues }
        );
        for (var clue = 1; clue <= clues; clue++)
            yield return Event(source, $"{hunt}-clue-{clue}", WorkloadEventTypes.ClueFound, hunt, new { player, clue });
        yield return Event(
            source,
            $"{hunt}-claimed",
            WorkloadEventTypes.TreasureClaimed,
            hunt,
            new { player, points = 100 }
        );
    }
}
