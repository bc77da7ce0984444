using Veltrix.Config.Store;
using Veltrix.Configuration.Diagnoses;
using Veltrix.Configuration.History;
using Veltrix.Events;

namespace Veltrix.Config.Acts;

/// <summary>
/// The doctor's warnings refuse nothing: a stated reason covers them. A reason can only cover what whoever gave it could
/// know, so warnings that came up later need one of their own.
/// </summary>
internal static class Warnings
{
    /// <summary>What tells the warnings of a report apart, as proposals keep it. Numbers in their evidence may change.</summary>
    public static string[] Of(ProposalVerdict verdict) =>
        [.. In(verdict).Select(Name).Distinct(StringComparer.Ordinal)];

    /// <summary>The refusal of an act without a reason of its own; null when no warning is new.</summary>
    public static Refusal? Refusal(ProposalVerdict verdict, StoredProposal proposal)
    {
        var unexplained = In(verdict)
            .Where(warning => !proposal.Warnings.Contains(Name(warning), StringComparer.Ordinal))
            .ToList();
        return unexplained.Count == 0
            ? null
            : new(
                ErrorCatalogue.UnexplainedWarning,
                $"{Name(unexplained[0])}: {unexplained[0].Evidence} {unexplained[0].Effect}",
                new Dictionary<string, object?>(StringComparer.Ordinal) { ["findings"] = unexplained }
            );
    }

    private static IEnumerable<Finding> In(ProposalVerdict verdict) =>
        verdict.Findings.Where(finding => finding.Severity == Severity.Warning);

    private static string Name(Finding finding) => $"{finding.Code} at {finding.Path}";
}
