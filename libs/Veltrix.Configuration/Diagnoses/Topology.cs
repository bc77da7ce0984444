namespace Veltrix.Configuration.Diagnoses;

/// <summary>What is there: brokers, their topics, and the event types that processors handle.</summary>
/// <param name="Brokers">Number of brokers, at least 1.</param>
/// <param name="Topics">Topics of the brokers.</param>
/// <param name="HandledTypes">Event types, or prefixes that end in <c>.*</c>, that have a handler; null when that is not known.</param>
public sealed record Topology(
    int Brokers,
    IReadOnlyList<TopicTopology> Topics,
    IReadOnlyList<string>? HandledTypes = null
);
