using static Veltrix.Configuration.Capacity.ServiceTimes;
using static Veltrix.Configuration.Figures;

namespace Veltrix.Configuration.Capacity;

/// <summary>
/// What machines take on which everything runs together: producers, ingest, broker, processors and database, as under
/// <c>dotnet run</c>. Their cores are divided by what one event costs all of them.
/// </summary>
internal sealed class SharedMachines(PlatformConfiguration configuration, CapacityModel model)
{
    private const int Rounds = 100;

    private readonly double _cores = (double)configuration.Limits.Machines * configuration.Limits.Cores;

    /// <summary>Core-seconds of one event without its share of a transaction.</summary>
    public double EventSeconds =>
        SharedEventSeconds
        + (SharedRequestSeconds / configuration.Traffic.EventsPerRequest)
        + (configuration.Traffic.AverageEventBytes * SharedByteSeconds);

    /// <summary>Events per second when all cores are busy.</summary>
    public double EventsPerSecond => _cores / (EventSeconds + (SharedTransactionSeconds / EventsOfTransaction));

    /// <summary>How <see cref="EventsPerSecond"/> was computed.</summary>
    public string Arithmetic =>
        $"{Of(_cores)} cores / ({Of(EventSeconds * 1e6)} + {Of(SharedTransactionSeconds * 1e6)} / "
        + $"{Of(EventsOfTransaction)} microseconds)";

    /// <summary>
    /// Events of a transaction when all cores are busy: what arrives at one processor while it waits for its spacing, or for
    /// the transaction before it. The rate depends on this and this on the rate: the loop ends where both agree.
    /// </summary>
    public double EventsOfTransaction
    {
        get
        {
            var spacing = configuration.Processor.BatchSpacingMilliseconds / 1_000.0;
            var events = model.BatchEvents;
            for (var round = 0; round < Rounds; round++)
            {
                var rate = _cores / (EventSeconds + (SharedTransactionSeconds / events));
                var between = Math.Max(
                    spacing,
                    BusyMachineStretch * (SharedTransactionSeconds + (events * SharedHandlingSeconds))
                );
                events = Math.Clamp(rate / model.BusyProcessors * between, 1, model.BatchEvents);
            }
            return events;
        }
    }
}
