using Veltrix.Cli.Load;

namespace Veltrix.Cli.Watchers;

/// <summary>What became of the reports of all nodes.</summary>
internal sealed class ReportLedger
{
    private long _failed;

    public LatencyHistogram RoundTrips { get; } = new();

    public long Failed => Volatile.Read(ref _failed);

    /// <summary>Why the first failed report failed; null when none did.</summary>
    public string? FirstFailure { get; private set; }

    public void Fail(string reason)
    {
        if (Interlocked.Increment(ref _failed) == 1)
            FirstFailure = reason;
    }
}
