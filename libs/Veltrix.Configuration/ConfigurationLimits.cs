namespace Veltrix.Configuration;

/// <summary>The range that each number of a configuration may have. Bounds are inclusive.</summary>
public static class ConfigurationLimits
{
    /// <summary>Clusters of a platform.</summary>
    public static readonly Range<int> Clusters = new(1, 16);

    /// <summary>Topics that Veltrix keeps on one cluster.</summary>
    public static readonly Range<int> Topics = new(1, 1_000);

    /// <summary>Partitions of a topic.</summary>
    public static readonly Range<int> Partitions = new(1, 1_000);

    /// <summary>Entries of <c>eventTypes</c>.</summary>
    public static readonly Range<int> EventTypes = new(1, 1_000);

    /// <summary>Characters of a CloudEvents type.</summary>
    public static readonly Range<int> TypeCharacters = new(1, 256);

    /// <summary><c>ingest.maximumBodyBytes</c>, bytes.</summary>
    public static readonly Range<int> BodyBytes = new(1_024, 64 * 1024 * 1024);

    /// <summary><c>ingest.maximumBatchEvents</c>.</summary>
    public static readonly Range<int> IngestBatchEvents = new(1, 10_000);

    /// <summary><c>ingest.maximumEventBytes</c>, bytes. Kafka's default <c>max.message.bytes</c> is 1,048,588, its framing included.</summary>
    public static readonly Range<int> EventBytes = new(1_024, 1_000_000);

    /// <summary><c>ingest.maximumBytesInFlight</c>, bytes.</summary>
    public static readonly Range<long> BytesInFlight = new(1024 * 1024, 4L * 1024 * 1024 * 1024);

    /// <summary><c>processor.workers</c>.</summary>
    public static readonly Range<int> Workers = new(1, 256);

    /// <summary><c>processor.maximumBatchEvents</c>.</summary>
    public static readonly Range<int> ProcessorBatchEvents = new(1, 100_000);

    /// <summary><c>processor.maximumBatchBytes</c>, bytes.</summary>
    public static readonly Range<int> ProcessorBatchBytes = new(64 * 1024, 512 * 1024 * 1024);

    /// <summary><c>workflows.huntTimeoutMinutes</c>, minutes; at most a year.</summary>
    public static readonly Range<int> HuntTimeoutMinutes = new(1, 525_600);
}

/// <summary>Numbers from <paramref name="Minimum"/> to <paramref name="Maximum"/>, both included.</summary>
/// <param name="Minimum">The smallest.</param>
/// <param name="Maximum">The largest.</param>
public readonly record struct Range<T>(T Minimum, T Maximum)
    where T : IComparable<T>
{
    /// <summary>Whether <paramref name="value"/> lies inside.</summary>
    public bool Contains(T value) => value.CompareTo(Minimum) >= 0 && value.CompareTo(Maximum) <= 0;

    /// <summary>As an operator reads it: <c>1 to 256</c>.</summary>
    public override string ToString() => $"{Minimum} to {Maximum}";
}
