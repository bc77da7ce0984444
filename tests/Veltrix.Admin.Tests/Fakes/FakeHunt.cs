namespace Veltrix.Admin.Tests.Fakes;

internal sealed record FakeHunt(
    string HuntId,
    string Name,
    string State,
    int Clues,
    int CluesFound,
    DateTimeOffset StartedAt,
    DateTimeOffset UpdatedAt,
    DateTimeOffset? EndedAt,
    IReadOnlyList<FakeStep> History
)
{
    private static readonly DateTimeOffset Noon = new(2026, 11, 21, 12, 0, 0, TimeSpan.Zero);

    /// <summary>A hunt of five clues in the given state; every number another start.</summary>
    public static FakeHunt Number(int number, string state)
    {
        var start = Noon.AddMinutes(number);
        var found = state switch
        {
            "Completed" => 5,
            "Hunting" => 2,
            _ => 1,
        };
        List<FakeStep> history =
        [
            new(start, "com.veltrix.hunt.started", "ada", "Initial", "Hunting", $"hunt-{number}-0"),
        ];
        for (var clue = 1; clue <= found; clue++)
            history.Add(
                new(
                    start.AddSeconds(clue * 40),
                    "com.veltrix.clue.found",
                    "grace",
                    "Hunting",
                    "Hunting",
                    $"hunt-{number}-{clue}"
                )
            );
        if (state == "Completed")
            history.Add(
                new(
                    start.AddSeconds(260),
                    "com.veltrix.treasure.claimed",
                    "grace",
                    "Hunting",
                    state,
                    $"hunt-{number}-6"
                )
            );
        else if (state == "Abandoned")
            history.Add(
                new(start.AddSeconds(260), "com.veltrix.hunt.abandoned", "ada", "Hunting", state, $"hunt-{number}-6")
            );
        else if (state == "TimedOut")
            history.Add(new(start.AddHours(24), "Deadline passed", null, "Hunting", state, null));
        var last = history[^1].At;
        return new FakeHunt(
            $"hunt-{number:000}",
            $"Treasure of bay {number}",
            state,
            5,
            found,
            start,
            last,
            state == "Hunting" ? null : last,
            history
        );
    }
}

internal sealed record FakeStep(
    DateTimeOffset At,
    string Event,
    string? Player,
    string? FromState,
    string ToState,
    string? EventId
);
