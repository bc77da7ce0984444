using Microsoft.EntityFrameworkCore;
using Veltrix.Config.Acts;
using Veltrix.Config.Store;
using Veltrix.Configuration;
using Veltrix.Configuration.History;
using Veltrix.Events;

namespace Veltrix.Config.Rollouts;

/// <summary>What one message does to a rollout, inside the transaction of an act.</summary>
internal sealed class RolloutWork(Act act, VersionWriter writer, CancellationToken cancellation)
{
    public async Task<RolloutState?> FindAsync(Guid correlationId)
    {
        var rollout = await act.Database.Rollouts.SingleOrDefaultAsync(
            row => row.CorrelationId == correlationId,
            cancellation
        );
        // Inside the transaction: once a freeze has been answered, no wave begins any more.
        if (rollout is { Active: true })
            rollout.Frozen = await act
                .Database.Policy.Where(policy => policy.FrozenBy != null)
                .Select(policy => $"{policy.FrozenBy} froze publications. {policy.FrozenReason}")
                .SingleOrDefaultAsync(cancellation);
        return rollout;
    }

    /// <summary>Publishes the proposal as the candidate, or refuses.</summary>
    public async Task AddAsync(RolloutState rollout)
    {
        var proposal = await act.Database.Proposals.SingleOrDefaultAsync(
            row => row.Number == rollout.Proposal,
            cancellation
        );
        if (proposal is null)
            throw Refuse(new(ErrorCatalogue.UnknownProposal, $"There is no proposal {rollout.Proposal}."));
        if (proposal.State is ProposalState.Published or ProposalState.Withdrawn)
            throw Refuse(new(ErrorCatalogue.ProposalClosed, $"Proposal {proposal.Number} is not waiting."));
        var outcome = await writer.AppendAsync(
            act,
            new VersionDraft(proposal.ToConfiguration(), proposal.Author, proposal.Reason, proposal),
            current => current == proposal.Base,
            cancellation
        );
        if (outcome.Value is not { } candidate)
            throw Refuse(outcome.Refusal!);
        proposal.State = ProposalState.Published;
        proposal.Version = candidate.Number;
        rollout.Number = (await act.Database.Rollouts.MaxAsync(row => (int?)row.Number, cancellation) ?? 0) + 1;
        rollout.Base = proposal.Base;
        rollout.Candidate = candidate.Number;
        act.Database.Rollouts.Add(rollout);
        await CarryOutAsync(rollout);
    }

    public Task UpdateAsync(RolloutState rollout)
    {
        rollout.Revision++;
        return CarryOutAsync(rollout);
    }

    private async Task CarryOutAsync(RolloutState rollout)
    {
        if (rollout.Decision is not { } decision)
            return;
        var reason = OneLine.Of(decision.Reason, Publication.MaximumReasonCharacters);
        if (decision.Restores)
            rollout.RestoredBy = await writer.RestoreAsync(act, rollout.Base, decision.Actor, reason, cancellation);
        act.Audit(decision.Act, decision.Actor, reason, rollout.Proposal, rollout.RestoredBy ?? rollout.Candidate);
    }

    private static RolloutRefusedException Refuse(Refusal refusal) => new(refusal);
}
