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

    /// <summary><c>replicationFactor</c> of a topic; 0 is none of them.</summary>
    public static readonly Range<int> ReplicationFactor = new(-1, 32);

    /// <summary><c>minimumInsyncReplicas</c> of a topic.</summary>
    public static readonly Range<int> MinimumInsyncReplicas = new(0, 32);

    /// <summary><c>retentionHours</c> of a topic, hours; at most ten years.</summary>
    public static readonly Range<int> RetentionHours = new(1, 87_600);

    /// <summary><c>maximumBytes</c> of an event type, bytes.</summary>
    public static readonly Range<int> TypeBytes = new(1, 1_000_000);

    /// <summary><c>ingest.producer.lingerMilliseconds</c>, milliseconds.</summary>
    public static readonly Range<int> LingerMilliseconds = new(0, 10_000);

    /// <summary><c>ingest.producer.batchBytes</c>, bytes. A topic takes no larger batch than its <c>max.message.bytes</c>, 1,048,588 by default.</summary>
    public static readonly Range<int> ProducerBatchBytes = new(1_024, 1_000_000);

    /// <summary><c>ingest.producer.deliveryTimeoutMilliseconds</c>, milliseconds.</summary>
    public static readonly Range<int> DeliveryTimeoutMilliseconds = new(100, 600_000);

    /// <summary><c>ingest.producer.requestTimeoutMilliseconds</c>, milliseconds.</summary>
    public static readonly Range<int> RequestTimeoutMilliseconds = new(100, 300_000);

    /// <summary><c>ingest.producer.maximumInFlightRequests</c>.</summary>
    public static readonly Range<int> InFlightRequests = new(1, 1_000);

    /// <summary><c>processor.batchSpacingMilliseconds</c>, milliseconds.</summary>
    public static readonly Range<int> BatchSpacingMilliseconds = new(0, 10_000);

    /// <summary><c>processor.handlerTimeoutMilliseconds</c>, milliseconds.</summary>
    public static readonly Range<int> HandlerTimeoutMilliseconds = new(100, 3_600_000);

    /// <summary><c>processor.retry</c>, milliseconds.</summary>
    public static readonly Range<int> RetryMilliseconds = new(1, 600_000);

    /// <summary><c>processor.consumer.sessionTimeoutMilliseconds</c>, milliseconds.</summary>
    public static readonly Range<int> SessionTimeoutMilliseconds = new(1_000, 3_600_000);

    /// <summary><c>processor.consumer.heartbeatIntervalMilliseconds</c>, milliseconds.</summary>
    public static readonly Range<int> HeartbeatIntervalMilliseconds = new(100, 3_600_000);

    /// <summary>
    /// <c>processor.consumer.maximumPollIntervalMilliseconds</c>, milliseconds. A processor may be five seconds without a poll in good
    /// order: one while a full batch waits, two for the batch in hand when partitions are taken away, two for commits.
    /// </summary>
    public static readonly Range<int> PollIntervalMilliseconds = new(10_000, 86_400_000);

    /// <summary><c>processor.consumer.fetchWaitMilliseconds</c>, milliseconds.</summary>
    public static readonly Range<int> FetchWaitMilliseconds = new(0, 60_000);

    /// <summary><c>processor.consumer.queuedKilobytes</c>, kilobytes; the upper bound is librdkafka's.</summary>
    public static readonly Range<int> QueuedKilobytes = new(64, 2_097_151);

    /// <summary><c>limits.cores</c>.</summary>
    public static readonly Range<int> Cores = new(1, 1_024);

    /// <summary><c>limits.memoryBytes</c>, bytes.</summary>
    public static readonly Range<long> MemoryBytes = new(64L * 1024 * 1024, 1L << 44);

    /// <summary><c>limits.fileDescriptors</c>.</summary>
    public static readonly Range<int> FileDescriptors = new(64, 100_000_000);

    /// <summary><c>limits.diskBytes</c>, bytes.</summary>
    public static readonly Range<long> DiskBytes = new(1_000_000, 1_000_000_000_000_000);

    /// <summary><c>limits.connections</c>.</summary>
    public static readonly Range<int> Connections = new(1, 10_000_000);

    /// <summary><c>limits.ingestNodes</c> and <c>limits.processorNodes</c>.</summary>
    public static readonly Range<int> Nodes = new(1, 10_000);

    /// <summary><c>limits.machines</c>.</summary>
    public static readonly Range<int> Machines = new(0, 10_000);

    /// <summary><c>traffic.eventsPerSecond</c>, events per second.</summary>
    public static readonly Range<int> EventsPerSecond = new(1, 100_000_000);

    /// <summary><c>traffic.burstFactor</c>.</summary>
    public static readonly Range<int> BurstFactor = new(1, 1_000);

    /// <summary><c>traffic.burstSeconds</c>, seconds.</summary>
    public static readonly Range<int> BurstSeconds = new(0, 86_400);

    /// <summary><c>traffic.averageEventBytes</c> and <c>traffic.largestEventBytes</c>, bytes.</summary>
    public static readonly Range<int> TrafficEventBytes = new(1, 64 * 1024 * 1024);

    /// <summary><c>traffic.hottestKeyShare</c>, per cent.</summary>
    public static readonly Range<int> HottestKeyShare = new(0, 100);

    /// <summary><c>traffic.eventsPerRequest</c>.</summary>
    public static readonly Range<int> EventsPerRequest = new(1, 10_000);

    /// <summary><c>traffic.brokerOutageSeconds</c>, seconds.</summary>
    public static readonly Range<int> BrokerOutageSeconds = new(0, 86_400);

    /// <summary><c>traffic.processorOutageMinutes</c>, minutes.</summary>
    public static readonly Range<int> ProcessorOutageMinutes = new(0, 525_600);
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
