namespace Veltrix.Configuration.History;

/// <summary>A proposal with its document.</summary>
/// <param name="Proposal">What is known about it.</param>
/// <param name="Configuration">The document.</param>
public sealed record ProposalDocument(Proposal Proposal, PlatformConfiguration Configuration);
