using Veltrix.ServiceDefaults;

namespace Veltrix.Config.Nodes;

/// <summary>Has the fleet judged twice a second, so that a node that changes its condition is named in the log.</summary>
internal sealed class FleetWatch(NodeRegistry registry, TimeProvider time, ILogger<FleetWatch> logger)
    : SteadyService(time, logger)
{
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(0.5);

    protected override async Task RunAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(Interval, time);
        while (await timer.WaitForNextTickAsync(stoppingToken))
            registry.Judge();
    }
}
