using Veltrix.Admin.Clients;
using Veltrix.Configuration;
using Veltrix.Configuration.Diagnoses;
using Veltrix.Configuration.Differences;
using Veltrix.Configuration.History;

namespace Veltrix.Admin.Proposals;

/// <summary>What the page of one proposal shows.</summary>
/// <param name="Number">Number in the address.</param>
/// <param name="Proposal">What is known about it.</param>
/// <param name="Document">Its document, as people read it.</param>
/// <param name="Changes">What it changes in the version that it was made from.</param>
/// <param name="Errors">Values that are not allowed.</param>
/// <param name="Findings">What the doctor says: now while it waits, and what it said when it was published.</param>
/// <param name="Current">The version in force.</param>
/// <param name="Problem">What stood in the way.</param>
public sealed record ProposalView(
    int Number,
    Proposal? Proposal,
    string? Document,
    ConfigurationDifferences? Changes,
    IReadOnlyList<ConfigurationError> Errors,
    IReadOnlyList<Finding>? Findings,
    int? Current,
    Problem? Problem
)
{
    /// <summary>Whether it can still become a version.</summary>
    public bool IsWaiting => Proposal?.State is ProposalState.Open or ProposalState.Approved;

    /// <summary>Whether another version came in between, so that it cannot be published any more.</summary>
    public bool IsStale => IsWaiting && Current is { } current && Proposal!.Base != current;

    internal static async Task<ProposalView> LoadAsync(
        ProposalClient client,
        ConfigClient configuration,
        int number,
        CancellationToken cancellation
    )
    {
        var readingChanges = client.DifferencesAsync(number, cancellation);
        var readingCurrent = configuration.CurrentAsync(cancellation);
        var document = await client.ProposalAsync(number, cancellation);
        var changes = await readingChanges;
        var current = await readingCurrent;
        var view = new ProposalView(
            number,
            document.Value?.Proposal,
            document.Value is { } read ? Configurations.ConfigurationText.Of(read.Configuration) : null,
            changes.Value,
            [],
            null,
            current.Value?.Number,
            document.Problem ?? changes.Problem ?? current.Problem
        );
        return await view.WithReportAsync(client, cancellation);
    }

    private async Task<ProposalView> WithReportAsync(ProposalClient client, CancellationToken cancellation)
    {
        if (IsWaiting)
        {
            var verdict = await client.VerdictAsync(Number, cancellation);
            return this with
            {
                Errors = verdict.Value?.Errors ?? [],
                Findings = verdict.Value?.Findings,
                Problem = Problem ?? verdict.Problem,
            };
        }
        if (Proposal?.Version is not { } version)
            return this;
        var report = await client.ReportAsync(version, cancellation);
        return this with { Findings = report.Value?.Findings, Problem = Problem ?? report.Problem };
    }
}
