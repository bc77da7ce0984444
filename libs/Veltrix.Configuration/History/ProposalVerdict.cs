using Veltrix.Configuration.Diagnoses;

namespace Veltrix.Configuration.History;

/// <summary>Whether a proposal could be published as far as its document is concerned.</summary>
/// <param name="Valid">Whether there are no errors.</param>
/// <param name="Errors">Values that are not allowed; while there are some, the doctor is not asked.</param>
/// <param name="Findings">What the doctor found; one of the severity error refuses the document.</param>
public sealed record ProposalVerdict(
    bool Valid,
    IReadOnlyList<ConfigurationError> Errors,
    IReadOnlyList<Finding> Findings
);
