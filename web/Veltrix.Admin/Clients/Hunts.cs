namespace Veltrix.Admin.Clients;

/// <summary>One treasure hunt: an instance of the saga.</summary>
public record Hunt(
    string HuntId,
    string? Name,
    string State,
    int Clues,
    int CluesFound,
    DateTimeOffset StartedAt,
    DateTimeOffset UpdatedAt,
    DateTimeOffset? EndedAt
);

/// <summary>A hunt with everything that happened to it, oldest first.</summary>
public sealed record HuntDetail(
    string HuntId,
    string? Name,
    string State,
    int Clues,
    int CluesFound,
    DateTimeOffset StartedAt,
    DateTimeOffset UpdatedAt,
    DateTimeOffset? EndedAt,
    IReadOnlyList<HuntStep> History
) : Hunt(HuntId, Name, State, Clues, CluesFound, StartedAt, UpdatedAt, EndedAt);

/// <summary>One event that a saga took.</summary>
public sealed record HuntStep(
    DateTimeOffset At,
    string Event,
    string? Player,
    string? FromState,
    string? ToState,
    string? EventId
);

/// <summary>A line of the leaderboard.</summary>
public sealed record Standing(string Player, double Meters);

/// <summary>States of the saga, in the order in which people read them.</summary>
internal static class HuntStates
{
    public const string Hunting = "Hunting";
    public const string Completed = "Completed";
    public const string Abandoned = "Abandoned";
    public const string TimedOut = "TimedOut";

    public static readonly IReadOnlyList<string> All = [Hunting, Completed, Abandoned, TimedOut];

    /// <summary>The state as people write it.</summary>
    public static string Label(string state) => state == TimedOut ? "Timed out" : state;
}
