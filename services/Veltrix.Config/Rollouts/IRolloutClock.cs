namespace Veltrix.Config.Rollouts;

/// <summary>The clock of rollouts: one for all replicas, whose own clocks may differ.</summary>
internal interface IRolloutClock
{
    /// <summary>What it shows now, UTC.</summary>
    Task<DateTimeOffset> NowAsync(CancellationToken cancellation);
}
