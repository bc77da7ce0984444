using Veltrix.Broker.Log;
using Veltrix.ServiceDefaults;

namespace Veltrix.Broker;

/// <summary>
/// Asks for short time slices while they help: a producer to few partitions waits for each round of the flusher; one to
/// many partitions has further requests on their way meanwhile, and to interrupt it only costs (ADR 0016). Of the whole
/// process, so for a broker that is alone in its own.
/// </summary>
internal sealed class TimeSlices(BrokerNode node, ILogger<TimeSlices> logger) : SteadyService(node.Time, logger)
{
    /// <summary>
    /// One in twenty rounds that are shared mean many partitions. Measured: with ten partitions 0 to 2 in a hundred, with a thousand 6 to 60.
    /// </summary>
    private const int RoundsForEachShared = 20;

    private static readonly TimeSpan LookInterval = TimeSpan.FromMilliseconds(500);

    private readonly int _systems = TimeSlice.Of(thread: 0);

    protected override async Task RunAsync(CancellationToken stoppingToken)
    {
        var wanted = node.Options.TimeSliceMicroseconds;
        if (wanted == 0)
            return;
        TimeSlice.Set(wanted);
        var (current, before) = (wanted, node.SyncRounds);
        using var timer = new PeriodicTimer(LookInterval, node.Time);
        while (await timer.WaitForNextTickAsync(stoppingToken))
        {
            var rounds = node.SyncRounds;
            var (all, shared) = (rounds.All - before.All, rounds.Shared - before.Shared);
            before = rounds;
            var next = shared * RoundsForEachShared > all ? _systems : wanted;
            if (next != current)
                TimeSlice.Set(next);
            current = next;
        }
    }
}
