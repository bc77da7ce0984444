namespace Veltrix.Configuration;

/// <summary>A report of a node, as the configuration service keeps it for a while.</summary>
/// <param name="ReceivedAt">When it came in, UTC, by the clock that all replicas of the configuration service share.</param>
/// <param name="Report">The report.</param>
public sealed record ReceivedReport(DateTimeOffset ReceivedAt, NodeReport Report);
