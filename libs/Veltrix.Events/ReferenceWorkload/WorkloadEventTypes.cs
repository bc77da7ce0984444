namespace Veltrix.Events.ReferenceWorkload;

/// <summary>CloudEvents types of the reference workload, the treasure-hunt engine.</summary>
public static class WorkloadEventTypes
{
    /// <summary>A hunt begins; subject is the hunt id. Data: <see cref="HuntStarted"/>.</summary>
    public const string HuntStarted = "com.veltrix.hunt.started";

    /// <summary>A player found a clue; subject is the hunt id. Data: <see cref="ClueFound"/>.</summary>
    public const string ClueFound = "com.veltrix.clue.found";

    /// <summary>A player claimed the treasure; subject is the hunt id. Data: <see cref="TreasureClaimed"/>.</summary>
    public const string TreasureClaimed = "com.veltrix.treasure.claimed";

    /// <summary>A hunt was given up; subject is the hunt id. Data: <see cref="HuntAbandoned"/>.</summary>
    public const string HuntAbandoned = "com.veltrix.hunt.abandoned";

    /// <summary>A player reports where they are, at a high rate; subject is the player. Data: <see cref="PlayerMoved"/>.</summary>
    public const string PlayerMoved = "com.veltrix.player.moved";

    /// <summary>Prefix of the webhook events of GitHub; subject is the repository.</summary>
    public const string GitHubPrefix = "com.github.";
}
