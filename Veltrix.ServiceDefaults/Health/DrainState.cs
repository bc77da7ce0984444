using Microsoft.Extensions.Hosting;

namespace Veltrix.ServiceDefaults.Health;

/// <summary>Whether the node is shutting down. It takes no new work then, and ends what has no end of its own.</summary>
public sealed class DrainState(IHostApplicationLifetime lifetime)
{
    /// <summary>True from the moment at which SIGTERM (or Ctrl+C) arrived.</summary>
    public bool IsDraining => lifetime.ApplicationStopping.IsCancellationRequested;

    /// <summary>Cancelled at that moment; long answers such as event streams end on it, or they hold the shutdown up.</summary>
    public CancellationToken Draining => lifetime.ApplicationStopping;
}
