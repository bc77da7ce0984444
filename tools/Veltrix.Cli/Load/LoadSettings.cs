namespace Veltrix.Cli.Load;

/// <summary>What one run of load does.</summary>
/// <param name="EventsPerSecond">Intended rate.</param>
/// <param name="Duration">How long events are due.</param>
/// <param name="BatchEvents">Events in one request; 1 sends single events.</param>
/// <param name="Connections">Most requests at the same time.</param>
/// <param name="Keys">Distinct subjects.</param>
/// <param name="Payload">Size of the data, in bytes.</param>
/// <param name="Type">CloudEvents type; <c>hunts</c> or one of the hunt types plays whole hunts.</param>
/// <param name="DrainTimeout">How long to send again after the last event was due, and how long to wait for a processor that makes no progress.</param>
internal sealed record LoadSettings(
    double EventsPerSecond,
    TimeSpan Duration,
    int BatchEvents,
    int Connections,
    int Keys,
    PayloadSize Payload,
    string Type,
    TimeSpan DrainTimeout
)
{
    /// <summary>Every event costs some bytes of bookkeeping until the end.</summary>
    public const long MaximumEvents = 200_000_000;
}
