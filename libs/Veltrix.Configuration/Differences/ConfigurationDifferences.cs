namespace Veltrix.Configuration.Differences;

/// <summary>What changes from one configuration to another.</summary>
/// <param name="From">The version that is compared.</param>
/// <param name="To">The version that it is compared with; null when that is a proposal.</param>
/// <param name="Proposal">The proposal that it is compared with; null when that is a version.</param>
/// <param name="Differences">All differences, in the order of the document; none when both are equal.</param>
/// <param name="Effects">What the change does to memory, capacity and latency, as the capacity model predicts it.</param>
public sealed record ConfigurationDifferences(
    int From,
    int? To,
    int? Proposal,
    IReadOnlyList<Difference> Differences,
    IReadOnlyList<ConfigurationEffect> Effects
);
