namespace Veltrix.ServiceDefaults;

/// <summary>Names of all meters, instruments and tags of our own, in one place. Durations are in seconds.</summary>
public static class TelemetryNames
{
    /// <summary>Prefix of all meters, and of activity sources, of ours; telemetry listens to <c>Veltrix.*</c>.</summary>
    public const string Prefix = "Veltrix.";

    /// <summary>Meters.</summary>
    public static class Meters
    {
        /// <summary>The ingest service.</summary>
        public const string Ingest = "Veltrix.Ingest";

        /// <summary>The processor.</summary>
        public const string Processor = "Veltrix.Processor";

        /// <summary>The Kafka broker.</summary>
        public const string Broker = "Veltrix.Broker";

        /// <summary>What every node measures about itself.</summary>
        public const string Node = "Veltrix.Node";
    }

    /// <summary>Counter, events by <see cref="Tags.Outcome"/>.</summary>
    public const string IngestEvents = "veltrix.ingest.events";

    /// <summary>Histogram, seconds from the first byte of a request to its answer.</summary>
    public const string IngestDuration = "veltrix.ingest.duration";

    /// <summary>Gauge, bytes between the request and Kafka's acknowledgement.</summary>
    public const string IngestBytesInFlight = "veltrix.ingest.bytes_in_flight";

    /// <summary>Counter, events by <see cref="Tags.Purpose"/> and <see cref="Tags.Outcome"/>.</summary>
    public const string ProcessorEvents = "veltrix.processor.events";

    /// <summary>Histogram, seconds that one batch took, commit included.</summary>
    public const string ProcessorBatchDuration = "veltrix.processor.batch.duration";

    /// <summary>Histogram, seconds from an event's time to the commit of its effect.</summary>
    public const string ProcessorEndToEndDuration = "veltrix.processor.end_to_end.duration";

    /// <summary>Gauge, workers that run now.</summary>
    public const string ProcessorWorkers = "veltrix.processor.workers";

    /// <summary>Counter, record bytes that the broker appended.</summary>
    public const string BrokerProduceBytes = "veltrix.broker.produce.bytes";

    /// <summary>Counter, record bytes that the broker sent to consumers.</summary>
    public const string BrokerFetchBytes = "veltrix.broker.fetch.bytes";

    /// <summary>Counter, requests that the broker answered, by <see cref="Tags.Api"/>.</summary>
    public const string BrokerRequests = "veltrix.broker.requests";

    /// <summary>Histogram, seconds of one round of syncs to disk.</summary>
    public const string BrokerFlushDuration = "veltrix.broker.flush.duration";

    /// <summary>Gauge, open connections of Kafka clients.</summary>
    public const string BrokerConnections = "veltrix.broker.connections";

    /// <summary>Gauge, partitions that the broker holds.</summary>
    public const string BrokerPartitions = "veltrix.broker.partitions";

    /// <summary>Ends the name of a gauge that says how much there may be of what the gauge without it counts.</summary>
    public const string LimitSuffix = ".limit";

    /// <summary>Counter, connections of Kafka clients that were closed at once, because there were too many.</summary>
    public const string BrokerConnectionsRefused = "veltrix.broker.connections.refused";

    /// <summary>Gauge, bytes of Kafka clients' requests in memory.</summary>
    public const string BrokerRequestBytesInFlight = "veltrix.broker.request.bytes_in_flight";

    /// <summary>Gauge, bytes of the largest request of a Kafka client so far.</summary>
    public const string BrokerLargestRequest = "veltrix.broker.request.largest";

    /// <summary>Gauge, topics that the broker holds.</summary>
    public const string BrokerTopics = "veltrix.broker.topics";

    /// <summary>Gauge, consumer groups that the broker knows.</summary>
    public const string BrokerGroups = "veltrix.broker.groups";

    /// <summary>Gauge, members of the largest consumer group.</summary>
    public const string BrokerGroupMembers = "veltrix.broker.group.members";

    /// <summary>Gauge, transactional ids that the broker knows.</summary>
    public const string BrokerTransactionalIds = "veltrix.broker.transactional_ids";

    /// <summary>Gauge, transactions that have begun and not ended.</summary>
    public const string BrokerOpenTransactions = "veltrix.broker.transactions.open";

    /// <summary>Gauge, number of the configuration version in force.</summary>
    public const string NodeConfigurationVersion = "veltrix.node.configuration.version";

    /// <summary>Names of tags.</summary>
    public static class Tags
    {
        /// <summary>What became of an event: <c>accepted</c>, <c>handled</c>, <c>rejected</c> ...</summary>
        public const string Outcome = "outcome";

        /// <summary>Name of a request of Kafka's protocol: <c>Produce</c>, <c>Fetch</c> ...</summary>
        public const string Api = "api";

        /// <summary>Which consumer group: <c>projections</c>, <c>workflows</c>.</summary>
        public const string Purpose = "purpose";
    }
}
