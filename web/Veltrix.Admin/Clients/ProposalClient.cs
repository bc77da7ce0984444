using System.Text;
using System.Text.Json;
using Veltrix.Configuration;
using Veltrix.Configuration.Diagnoses;
using Veltrix.Configuration.Differences;
using Veltrix.Configuration.History;

namespace Veltrix.Admin.Clients;

/// <summary>The configuration service's proposals, and the way back to an earlier version.</summary>
internal sealed class ProposalClient(HttpClient http, IRequestKey key) : ServiceClient(http, key)
{
    private const string Root = "configuration/proposals";

    /// <summary>Proposals below <paramref name="before"/>, newest first.</summary>
    public Task<Answer<IReadOnlyList<Proposal>>> ListAsync(int? before, int limit, CancellationToken cancellation) =>
        GetAsync<IReadOnlyList<Proposal>>($"{Root}{PageOf(before, limit)}", cancellation);

    public Task<Answer<ProposalDocument>> ProposalAsync(int number, CancellationToken cancellation) =>
        GetAsync<ProposalDocument>(Invariant($"{Root}/{number}"), cancellation);

    public Task<Answer<ConfigurationDifferences>> DifferencesAsync(int number, CancellationToken cancellation) =>
        GetAsync<ConfigurationDifferences>(Invariant($"{Root}/{number}/diff"), cancellation);

    /// <summary>What validating would say, without an act.</summary>
    public Task<Answer<ProposalVerdict>> VerdictAsync(int number, CancellationToken cancellation) =>
        GetAsync<ProposalVerdict>(Invariant($"{Root}/{number}/diagnosis"), cancellation);

    /// <summary>The report that a version was published with.</summary>
    public Task<Answer<Diagnosis>> ReportAsync(int version, CancellationToken cancellation) =>
        GetAsync<Diagnosis>(Invariant($"configuration/versions/{version}/diagnosis"), cancellation);

    /// <summary>Proposes a document, or a merge patch, as it was written.</summary>
    /// <param name="body">JSON.</param>
    /// <param name="isPatch">It is a merge patch to the version in force.</param>
    /// <param name="reason">Why.</param>
    /// <param name="basedOn">The version that the change was made from; the service refuses when it is no longer the current one.</param>
    /// <param name="cancellation">Stops waiting; the proposal may be made all the same.</param>
    public Task<Answer<Proposal>> ProposeAsync(
        JsonElement body,
        bool isPatch,
        string reason,
        int basedOn,
        CancellationToken cancellation
    )
    {
        var request = Act(Root, reason);
        request.Content = new StringContent(
            body.GetRawText(),
            Encoding.UTF8,
            isPatch ? MergePatch.MediaType : "application/json"
        );
        request.Headers.IfMatch.Add(new(Invariant($"\"{basedOn}\"")));
        return SendAsync<Proposal>(request, cancellation);
    }

    public Task<Answer<ProposalVerdict>> ValidateAsync(int number, CancellationToken cancellation) =>
        SendAsync<ProposalVerdict>(Act(Invariant($"{Root}/{number}/validate"), reason: null), cancellation);

    /// <param name="number">The proposal.</param>
    /// <param name="reason">Null for the proposal's own.</param>
    /// <param name="cancellation">Stops waiting.</param>
    public Task<Answer<Proposal>> ApproveAsync(int number, string? reason, CancellationToken cancellation) =>
        SendAsync<Proposal>(Act(Invariant($"{Root}/{number}/approve"), reason), cancellation);

    /// <param name="number">The proposal.</param>
    /// <param name="reason">Null for the proposal's own.</param>
    /// <param name="cancellation">Stops waiting; the version may be published all the same.</param>
    public Task<Answer<ConfigurationVersion>> PublishAsync(
        int number,
        string? reason,
        CancellationToken cancellation
    ) => SendAsync<ConfigurationVersion>(Act(Invariant($"{Root}/{number}/publish"), reason), cancellation);

    public Task<Answer<Proposal>> WithdrawAsync(int number, string reason, CancellationToken cancellation) =>
        SendAsync<Proposal>(Act(Invariant($"{Root}/{number}/withdraw"), reason), cancellation);

    /// <summary>Publishes a new version with the document of <paramref name="version"/>, if <paramref name="current"/> is still in force.</summary>
    public Task<Answer<ConfigurationVersion>> RollBackAsync(
        int version,
        int current,
        string reason,
        CancellationToken cancellation
    )
    {
        var request = Act(Invariant($"configuration/versions/{version}/rollback"), reason);
        request.Headers.IfMatch.Add(new(Invariant($"\"{current}\"")));
        return SendAsync<ConfigurationVersion>(request, cancellation);
    }
}
