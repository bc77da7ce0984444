namespace Veltrix.Configuration;

/// <summary>What to expect. The doctor computes with it; no node limits anything by it.</summary>
/// <param name="EventsPerSecond">Events per second of all producers together, as a mean.</param>
/// <param name="BurstFactor">How many times the mean a burst is.</param>
/// <param name="BurstSeconds">How long a burst lasts, in seconds.</param>
/// <param name="AverageEventBytes">Size of an event as it is sent, in bytes, as a mean.</param>
/// <param name="LargestEventBytes">Size of the largest event as it is sent, in bytes.</param>
/// <param name="HottestKeyShare">Share of all events that the busiest key has, in per cent.</param>
/// <param name="BrokerOutageSeconds">Longest time that a broker is away, in seconds.</param>
/// <param name="ProcessorOutageMinutes">Longest time that no processor runs, in minutes.</param>
/// <param name="EventsPerRequest">Events that a producer sends in one request, as a mean.</param>
public sealed record TrafficConfiguration(
    int EventsPerSecond = 100,
    int BurstFactor = 10,
    int BurstSeconds = 60,
    int AverageEventBytes = 500,
    int LargestEventBytes = 64 * 1024,
    int HottestKeyShare = 5,
    int BrokerOutageSeconds = 5,
    int ProcessorOutageMinutes = 60,
    int EventsPerRequest = 1
);
