using Microsoft.EntityFrameworkCore;
using Veltrix.Config.Store;
using Veltrix.Config.Versions;
using Veltrix.Configuration;
using Veltrix.Configuration.Diagnoses;
using Veltrix.Configuration.History;
using Veltrix.Events;

namespace Veltrix.Config.Acts;

/// <summary>Propose, validate, approve, publish, withdraw: each an act of its own.</summary>
public sealed class ProposalActs(ActTransaction transaction, VersionWriter writer, ProposalCheck check)
{
    /// <summary>Most proposals that wait at a time; each holds a document.</summary>
    public const int MaximumWaiting = 100;

    /// <summary>Stores what <paramref name="draft"/> makes of the current version.</summary>
    public Task<Outcome<Proposal>> ProposeAsync(
        Func<PlatformConfiguration, Outcome<PlatformConfiguration>> draft,
        string actor,
        string reason,
        Func<int?, bool> mayFollow,
        CancellationToken cancellation
    ) =>
        transaction.RunAsync<Proposal>(
            async (act, token) =>
            {
                var current = await act.Database.Versions.NewestFirst().FirstAsync(token);
                if (!mayFollow(current.Number))
                    return new Refusal(ErrorCatalogue.StaleVersion, $"The current version is {current.Number}.");
                if (await CountWaitingAsync(act, token) >= MaximumWaiting)
                    return new Refusal(
                        ErrorCatalogue.TooManyProposals,
                        $"{MaximumWaiting} proposals are open or approved."
                    );
                var made = draft(StoredDocument.Read(current.Document));
                if (made.Refusal is { } refusal)
                    return refusal;
                var verdict = check.Check(made.Value!, StoredDocument.Read(current.Document));
                var last = await act.Database.Proposals.MaxAsync(row => (int?)row.Number, token);
                var row = new StoredProposal
                {
                    Number = (last ?? 0) + 1,
                    Base = current.Number,
                    Hash = CanonicalJson.Hash(made.Value!),
                    Document = StoredDocument.Write(made.Value!),
                    Author = actor,
                    Reason = reason,
                    ProposedAt = act.Now,
                    State = ProposalState.Open,
                    Warnings = Warnings.Of(verdict),
                };
                act.Database.Proposals.Add(row);
                act.Audit(ConfigurationActs.Propose, actor, reason, row.Number);
                return row.ToProposal();
            },
            cancellation
        );

    /// <summary>Checks the document of a proposal and keeps the result in the audit.</summary>
    public Task<Outcome<ProposalVerdict>> ValidateAsync(int number, string actor, CancellationToken cancellation) =>
        OnWaitingAsync<ProposalVerdict>(
            number,
            async (act, row, token) =>
            {
                var verdict = await CheckAsync(act, row, token);
                act.Audit(
                    ConfigurationActs.Validate,
                    actor,
                    $"Errors found: {verdict.Errors.Count + verdict.Findings.Count(finding => finding.Severity == Severity.Error)}",
                    number
                );
                return verdict;
            },
            cancellation
        );

    /// <summary>Approves a proposal; with four eyes, only another key than its author's may.</summary>
    public Task<Outcome<Proposal>> ApproveAsync(
        int number,
        string actor,
        string? reason,
        CancellationToken cancellation
    ) =>
        OnWaitingAsync<Proposal>(
            number,
            async (act, row, token) =>
            {
                var policy = await act.Database.Policy.AsNoTracking().SingleAsync(token);
                if (policy.FourEyes && row.Author == actor)
                    return new Refusal(ErrorCatalogue.OwnApproval, $"{actor} proposed it.");
                var verdict = await CheckAsync(act, row, token);
                if (ProposalCheck.Refusal(verdict) is { } refusal)
                    return refusal;
                if (reason is null && Warnings.Refusal(verdict, row) is { } unexplained)
                    return unexplained;
                row.Warnings = Warnings.Of(verdict);
                row.State = ProposalState.Approved;
                row.Approver = actor;
                row.ApprovedAt = act.Now;
                act.Audit(ConfigurationActs.Approve, actor, reason ?? row.Reason, number);
                return row.ToProposal();
            },
            cancellation
        );

    /// <summary>Publishes a proposal whose base is still the current version. The version has the proposal's author and reason; the audit says who published it.</summary>
    public Task<Outcome<ConfigurationVersion>> PublishAsync(
        int number,
        string actor,
        string? reason,
        CancellationToken cancellation
    ) =>
        OnWaitingAsync(
            number,
            async (act, row, token) =>
            {
                var draft = new VersionDraft(row.ToConfiguration(), row.Author, row.Reason, row, reason is not null);
                var outcome = await writer.AppendAsync(act, draft, current => current == row.Base, token);
                if (outcome.Value is { } version)
                {
                    row.State = ProposalState.Published;
                    row.Version = version.Number;
                    act.Audit(ConfigurationActs.Publish, actor, reason ?? row.Reason, number, version.Number);
                }
                return outcome;
            },
            cancellation
        );

    /// <summary>Ends a proposal without a version.</summary>
    public Task<Outcome<Proposal>> WithdrawAsync(
        int number,
        string actor,
        string reason,
        CancellationToken cancellation
    ) =>
        OnWaitingAsync(
            number,
            (act, row, _) =>
            {
                row.State = ProposalState.Withdrawn;
                act.Audit(ConfigurationActs.Withdraw, actor, reason, number);
                return Task.FromResult<Outcome<Proposal>>(row.ToProposal());
            },
            cancellation
        );

    private Task<Outcome<T>> OnWaitingAsync<T>(
        int number,
        Func<Act, StoredProposal, CancellationToken, Task<Outcome<T>>> work,
        CancellationToken cancellation
    )
        where T : class =>
        transaction.RunAsync(
            async (act, token) =>
                await act.Database.Proposals.SingleOrDefaultAsync(row => row.Number == number, token) switch
                {
                    null => new Refusal(ErrorCatalogue.UnknownProposal, $"There is no proposal {number}."),
                    { State: ProposalState.Published or ProposalState.Withdrawn } row => new Refusal(
                        ErrorCatalogue.ProposalClosed,
                        row.Version is { } version ? $"It became version {version}." : "It was withdrawn."
                    ),
                    var row => await work(act, row, token),
                },
            cancellation
        );

    private async Task<ProposalVerdict> CheckAsync(Act act, StoredProposal row, CancellationToken cancellation)
    {
        var current = await act.Database.Versions.NewestFirst().FirstAsync(cancellation);
        return check.Check(row.ToConfiguration(), StoredDocument.Read(current.Document));
    }

    private static Task<int> CountWaitingAsync(Act act, CancellationToken cancellation) =>
        act.Database.Proposals.CountAsync(
            row => row.State == ProposalState.Open || row.State == ProposalState.Approved,
            cancellation
        );
}
