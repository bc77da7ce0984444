namespace Veltrix.Configuration.Capacity;

/// <summary>A single change and what it brings.</summary>
/// <param name="Path">The option.</param>
/// <param name="Value">Its new value.</param>
/// <param name="EventsPerSecond">The rate at which the first stage saturates afterwards, events per second.</param>
public sealed record CapacityChange(string Path, long Value, double EventsPerSecond);
