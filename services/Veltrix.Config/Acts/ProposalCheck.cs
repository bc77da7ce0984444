using Veltrix.Config.Diagnosing;
using Veltrix.Configuration;
using Veltrix.Configuration.Diagnoses;
using Veltrix.Configuration.History;
using Veltrix.Events;

namespace Veltrix.Config.Acts;

/// <summary>Judges the document of a version that is to come: its values first, then, when those are right, the doctor.</summary>
public sealed class ProposalCheck(BrokerTopology topology)
{
    /// <summary>Everything that is wrong with <paramref name="candidate"/>.</summary>
    /// <param name="candidate">The document; it has the right shape.</param>
    /// <param name="current">The document in force; null before the first version.</param>
    public ProposalVerdict Check(PlatformConfiguration candidate, PlatformConfiguration? current)
    {
        var errors = ConfigurationValidator.Validate(candidate);
        if (errors.Count > 0)
            return new(Valid: false, errors, []);
        var diagnosis = Doctor.Examine(candidate, current, topology: topology.Latest);
        return new(!diagnosis.IsRefused, [], diagnosis.Findings);
    }

    /// <summary>The refusal that follows from <paramref name="verdict"/>; null when the document may be published.</summary>
    public static Refusal? Refusal(ProposalVerdict verdict)
    {
        if (verdict.Errors.Count > 0)
            return Refuse(verdict.Errors);
        var worst = verdict.Findings.Where(finding => finding.Severity == Severity.Error).ToList();
        return worst.Count == 0
            ? null
            : new(
                ErrorCatalogue.RefusedByDoctor,
                $"{worst[0].Code} at {worst[0].Path}: {worst[0].Evidence} {worst[0].Effect}",
                new Dictionary<string, object?>(StringComparer.Ordinal) { ["findings"] = verdict.Findings }
            );
    }

    /// <summary>The refusal of a document with <paramref name="errors"/>.</summary>
    public static Refusal Refuse(IReadOnlyList<ConfigurationError> errors) =>
        new(
            ErrorCatalogue.InvalidConfiguration,
            errors.Count == 1 ? "The document has one error." : $"The document has {errors.Count} errors.",
            new Dictionary<string, object?>(StringComparer.Ordinal) { ["errors"] = errors }
        );
}
