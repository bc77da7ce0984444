namespace Veltrix.Configuration.History;

/// <summary>Whether a proposal could be published as far as its document is concerned.</summary>
/// <param name="Valid">Whether there are no errors.</param>
/// <param name="Errors">Everything that is wrong with the document.</param>
public sealed record ProposalVerdict(bool Valid, IReadOnlyList<ConfigurationError> Errors);
