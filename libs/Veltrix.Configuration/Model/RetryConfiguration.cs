namespace Veltrix.Configuration;

/// <summary>Pauses between the attempts at a batch that failed for a passing reason; each is twice the one before.</summary>
/// <param name="FirstMilliseconds">The first pause, in milliseconds.</param>
/// <param name="LongestMilliseconds">The longest pause, in milliseconds.</param>
public sealed record RetryConfiguration(int FirstMilliseconds = 50, int LongestMilliseconds = 5_000);
