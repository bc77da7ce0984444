using System.Globalization;
using Microsoft.EntityFrameworkCore;
using Veltrix.Config.Rollouts;
using Veltrix.Config.Store;
using Veltrix.Configuration;
using Veltrix.Configuration.Differences;
using Veltrix.Configuration.History;
using Veltrix.Events;

namespace Veltrix.Config.Acts;

/// <summary>What every publication has to pass, however it comes: an active rollout, freeze, four eyes, the document's verdict, pins.</summary>
public sealed class PublicationGate
{
    // One statement, compiled once: each is a round trip that every watcher waits for.
    private static readonly Func<ConfigDbContext, CancellationToken, Task<Standing>> ReadAsync = EF.CompileAsyncQuery(
        (ConfigDbContext database, CancellationToken _) =>
            database
                .Policy.AsNoTracking()
                .Select(policy => new Standing(
                    policy,
                    database.Rollouts.FirstOrDefault(row => row.Active),
                    database.Pins.Select(pin => pin.Path).OrderBy(path => path).ToList()
                ))
                .Single()
    );

    /// <summary>Why <paramref name="candidate"/> may not follow <paramref name="current"/>; null when it may.</summary>
    /// <param name="database">Inside the act's transaction.</param>
    /// <param name="candidate">The document to be published.</param>
    /// <param name="verdict">What <see cref="ProposalCheck"/> says of it.</param>
    /// <param name="current">The document in force; null before the first version.</param>
    /// <param name="proposal">The proposal that it comes from; null when it comes without one.</param>
    /// <param name="cancellation">Ends it.</param>
    public async Task<Refusal?> RefusalAsync(
        ConfigDbContext database,
        PlatformConfiguration candidate,
        ProposalVerdict verdict,
        PlatformConfiguration? current,
        StoredProposal? proposal,
        CancellationToken cancellation
    )
    {
        var standing = await ReadAsync(database, cancellation);
        if (standing.Rollout is { } rollout)
            return new(
                ErrorCatalogue.RolloutActive,
                $"Rollout {rollout.Number} by {rollout.Author} tries version {rollout.Candidate}."
            );
        var policy = standing.Policy;
        if (policy.FrozenBy is not null)
            return new(
                ErrorCatalogue.PublicationsFrozen,
                string.Create(
                    CultureInfo.InvariantCulture,
                    $"{policy.FrozenBy} froze publications at {policy.FrozenAt:u}: {policy.FrozenReason}"
                )
            );
        // Not before there is a configuration at all: the service itself publishes the first.
        if (policy.FourEyes && current is not null && Unapproved(proposal) is { } unapproved)
            return new(ErrorCatalogue.ApprovalRequired, unapproved);
        if (ProposalCheck.Refusal(verdict) is { } refusal)
            return refusal;
        return current is null ? null : Pinned(standing.Pins, candidate, current);
    }

    private static string? Unapproved(StoredProposal? proposal) =>
        proposal switch
        {
            null => "A version needs a proposal that another key has approved.",
            { Approver: null } => $"Nobody has approved proposal {proposal.Number}.",
            _ when proposal.Approver == proposal.Author =>
                $"Proposal {proposal.Number} was approved by its own author, {proposal.Author}.",
            _ => null,
        };

    private static Refusal? Pinned(List<string> pins, PlatformConfiguration candidate, PlatformConfiguration current)
    {
        if (pins.Count == 0)
            return null;
        var differences = SemanticDifference.Between(current, candidate);
        var changed = pins.FindAll(pin =>
            differences.Any(difference => ConfigurationPaths.Touches(difference.Path, pin))
        );
        return changed.Count == 0
            ? null
            : new(
                ErrorCatalogue.PinnedPathChanged,
                $"It would change {string.Join(", ", changed)}.",
                new Dictionary<string, object?>(StringComparer.Ordinal) { ["paths"] = changed }
            );
    }

    private sealed record Standing(StoredPolicy Policy, RolloutState? Rollout, List<string> Pins);
}
