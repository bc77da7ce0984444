using Veltrix.Config.Store;

namespace Veltrix.Config.Acts;

/// <summary>One attempt at an act, inside its transaction.</summary>
/// <param name="Database">Its changes are saved when the act is not refused.</param>
/// <param name="Id">The same for each attempt at the same act.</param>
/// <param name="Now">The time of the act, UTC, whole microseconds.</param>
public sealed record Act(ConfigDbContext Database, Guid Id, DateTimeOffset Now)
{
    /// <summary>Writes the act's row of the audit.</summary>
    public void Audit(
        string act,
        string actor,
        string reason,
        int? proposal = null,
        int? version = null,
        string? path = null
    ) =>
        Database.Audit.Add(
            new StoredAct
            {
                Id = Id,
                At = Now,
                Actor = actor,
                Act = act,
                Proposal = proposal,
                Version = version,
                Path = path,
                Reason = reason,
            }
        );
}
