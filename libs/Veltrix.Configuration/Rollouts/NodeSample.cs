namespace Veltrix.Configuration.Rollouts;

/// <summary>What one node did in one second.</summary>
/// <param name="Node">Its name.</param>
/// <param name="Service">Name of its service.</param>
/// <param name="At">When the report came in, UTC.</param>
/// <param name="Version">The configuration that it ran on; null before its first.</param>
/// <param name="RefusedVersion">A version that it did not take; null for none.</param>
/// <param name="Refusal">Why; null when it took all.</param>
/// <param name="Events">Events per second.</param>
/// <param name="Errors">Errors per second.</param>
/// <param name="LatencyP99Milliseconds">99th percentile of the latency in milliseconds; null without events.</param>
public sealed record NodeSample(
    string Node,
    string Service,
    DateTimeOffset At,
    int? Version,
    int? RefusedVersion,
    string? Refusal,
    double Events,
    double Errors,
    double? LatencyP99Milliseconds
);
