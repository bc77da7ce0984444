using static Veltrix.Configuration.Capacity.ServiceTimes;
using static Veltrix.Configuration.Figures;

namespace Veltrix.Configuration.Capacity;

/// <summary>
/// Predicts what a configuration can take. Utilisation is rate times service time over servers; what is held at a time is
/// rate times the time that each is held (Little's law).
/// </summary>
public sealed class CapacityModel
{
    private readonly PlatformConfiguration _configuration;
    private readonly TrafficConfiguration _traffic;
    private readonly LimitsConfiguration _limits;

    /// <summary>Looks at <paramref name="configuration"/> under its own <c>traffic</c> on its own <c>limits</c>.</summary>
    public CapacityModel(PlatformConfiguration configuration)
    {
        ArgumentNullException.ThrowIfNull(configuration);
        _configuration = configuration;
        _traffic = configuration.Traffic;
        _limits = configuration.Limits;
    }

    /// <summary>Rate in a burst, events per second.</summary>
    public double BurstEventsPerSecond => (double)_traffic.EventsPerSecond * _traffic.BurstFactor;

    /// <summary>Size of a mean record, bytes.</summary>
    public double RecordBytes => _traffic.AverageEventBytes + RecordOverheadBytes;

    /// <summary>Processor nodes that get partitions: a topic keeps at most as many busy as it has partitions.</summary>
    public int BusyProcessors =>
        Math.Min(
            _limits.ProcessorNodes,
            _configuration.Clusters.Max(cluster => cluster.Topics.Max(topic => topic.Partitions))
        );

    /// <summary>Workers of one node that have a core of their own.</summary>
    public int UsefulWorkers => Math.Min(_configuration.Processor.Workers, _limits.Cores);

    /// <summary>Events of a full batch: bounded by number and by bytes.</summary>
    public double BatchEvents =>
        Math.Clamp(
            _configuration.Processor.MaximumBatchBytes / RecordBytes,
            1,
            _configuration.Processor.MaximumBatchEvents
        );

    /// <summary>Seconds of the transaction of a full batch.</summary>
    public double BatchSeconds => TransactionSeconds + (BatchEvents * HandledEventSeconds / UsefulWorkers);

    /// <summary>Ingest, when events come in requests as the traffic says.</summary>
    public StageCapacity Ingest => IngestOf("ingest", _traffic.EventsPerRequest);

    /// <summary>Ingest, when events come in large batches.</summary>
    public StageCapacity IngestBatched => IngestOf("ingest, batches", double.PositiveInfinity);

    /// <summary>What fits between the request and the acknowledgement while Kafka is well.</summary>
    public StageCapacity InFlightBudget
    {
        get
        {
            var held = AcknowledgementSeconds + (_configuration.Ingest.Producer.LingerMilliseconds / 1_000.0);
            double size = _traffic.AverageEventBytes;
            return Stage(
                "bytes in flight",
                _limits.IngestNodes * BytesInFlight / (size * held),
                $"{Of(_limits.IngestNodes)} nodes x {Of(BytesInFlight)} bytes / ({Of(size)} bytes x {Seconds(held)})"
            );
        }
    }

    /// <summary>All processors together.</summary>
    public StageCapacity Processor =>
        Stage(
            "processor",
            BusyProcessors * BatchEvents / BatchSeconds,
            $"{Of(BusyProcessors)} nodes x {Of(BatchEvents)} events / ({Seconds(TransactionSeconds)} + "
                + $"{Of(BatchEvents)} x {Seconds(HandledEventSeconds)} / {Of(UsefulWorkers)} workers)"
        );

    /// <summary>PostgreSQL, taken to run on one node of the same kind: more processors do not make it faster.</summary>
    public StageCapacity Database =>
        Stage(
            "database",
            _limits.Cores / (DatabaseEventSeconds + (DatabaseTransactionSeconds / BatchEvents)),
            $"{Of(_limits.Cores)} cores / ({Of(DatabaseEventSeconds * 1e6)} + {Of(DatabaseTransactionSeconds * 1e6)} / "
                + $"{Of(BatchEvents)} microseconds)"
        );

    /// <summary>
    /// The rate of all events at which the busiest key is too much: one key is handled by one worker of one node, one
    /// event after the other.
    /// </summary>
    public StageCapacity HottestKey
    {
        get
        {
            var oneKey = BatchEvents / (TransactionSeconds + (BatchEvents * HandledEventSeconds));
            var share = _traffic.HottestKeyShare / 100.0;
            return Stage(
                "busiest key",
                share > 0 ? oneKey / share : double.PositiveInfinity,
                $"{Of(BatchEvents)} events / ({Seconds(TransactionSeconds)} + {Of(BatchEvents)} x "
                    + $"{Seconds(HandledEventSeconds)}) = {Of(oneKey)} events/s of one key / {Percent(share)}"
            );
        }
    }

    /// <summary>All cores, where everything shares them.</summary>
    public StageCapacity Machines
    {
        get
        {
            var shared = new SharedMachines(_configuration, this);
            return Stage("machines", shared.EventsPerSecond, shared.Arithmetic);
        }
    }

    /// <summary>Every stage, in the order of an event's road.</summary>
    public IReadOnlyList<StageCapacity> Stages => [Ingest, InFlightBudget, .. BehindKafka];

    /// <summary>The stage that saturates first.</summary>
    public StageCapacity First => Stages.MinBy(stage => stage.EventsPerSecond)!;

    /// <summary>Events that wait at the end of a burst.</summary>
    public double BacklogAfterBurst => Math.Max(0, BurstEventsPerSecond - Handled) * _traffic.BurstSeconds;

    /// <summary>Seconds after a burst until nothing waits any more; infinite when the mean is too much already.</summary>
    public double DrainSeconds => Drain(BacklogAfterBurst);

    /// <summary>Seconds until a backlog is handled while the mean rate goes on coming in.</summary>
    public double Drain(double backlogEvents)
    {
        var spare = Handled - _traffic.EventsPerSecond;
        if (backlogEvents <= 0)
            return 0;
        return spare > 0 ? backlogEvents / spare : double.PositiveInfinity;
    }

    /// <summary>Seconds for which an event can wait: the longest stop of the processors, and until they have caught up.</summary>
    public double LongestWaitSeconds => OutageSeconds + CatchUpSeconds;

    /// <summary>Seconds of the longest stop of the processors.</summary>
    public double OutageSeconds => _traffic.ProcessorOutageMinutes * 60.0;

    /// <summary>Seconds until what waits after that stop is handled; 0 where they never catch up, which other rules report.</summary>
    public double CatchUpSeconds
    {
        get
        {
            var seconds = Drain(_traffic.EventsPerSecond * OutageSeconds);
            return double.IsInfinity(seconds) ? 0 : seconds;
        }
    }

    /// <summary>Requests that one ingest node holds when a broker is away in a burst.</summary>
    public double HeldRequests =>
        Math.Min(BurstOfNode * HeldSeconds, BytesInFlight / _traffic.AverageEventBytes) / _traffic.EventsPerRequest;

    /// <summary>Burst rate of one ingest node, events per second.</summary>
    public double BurstOfNode => BurstEventsPerSecond / _limits.IngestNodes;

    /// <summary>How long a request can be held: until the broker is back or the delivery timeout gives it up.</summary>
    public double HeldSeconds =>
        Math.Max(
            AcknowledgementSeconds,
            Math.Min(_traffic.BrokerOutageSeconds, _configuration.Ingest.Producer.DeliveryTimeoutMilliseconds / 1_000.0)
        );

    /// <summary>The worst case of an ingest node.</summary>
    public NodeNeed IngestNode
    {
        get
        {
            var connections = HeldRequests + Connections;
            return new(
                ProcessBytes + (2 * BytesInFlight) + (connections * ConnectionBytes),
                connections + ProcessDescriptors,
                connections,
                $"{Bytes(ProcessBytes)} + 2 x {Bytes(BytesInFlight)} in flight + {Of(connections)} connections x {Bytes(ConnectionBytes)}"
            );
        }
    }

    /// <summary>The worst case of a processor node.</summary>
    public NodeNeed ProcessorNode
    {
        get
        {
            var queued = _configuration.Processor.Consumer.QueuedKilobytes * 1_024.0;
            var batch = (double)_configuration.Processor.MaximumBatchBytes;
            return new(
                ProcessBytes + (Consumers * (queued + (2 * batch))),
                ProcessDescriptors + Connections,
                Connections,
                $"{Bytes(ProcessBytes)} + {Of(Consumers)} consumers x ({Bytes(queued)} read ahead + 2 batches x {Bytes(batch)})"
            );
        }
    }

    /// <summary>Bytes of all records that are kept, one copy: the whole traffic at the longest retention of a topic that gets events.</summary>
    public double KeptBytes => _traffic.EventsPerSecond * RecordBytes * LongestRetentionHours * 3_600;

    /// <summary>The longest retention of a topic that gets events, hours.</summary>
    public int LongestRetentionHours
    {
        get
        {
            var routed = _configuration.EventTypes.Select(type => type.Topic).ToHashSet(StringComparer.Ordinal);
            return _configuration
                .Clusters.SelectMany(cluster => cluster.Topics)
                .Where(topic => routed.Contains(topic.Name))
                .Max(topic => topic.RetentionHours);
        }
    }

    // Brokers, PostgreSQL, Redis, the configuration service: a node's own connections; assumed.
    private static double Connections => 50;

    private double BytesInFlight => _configuration.Ingest.MaximumBytesInFlight;

    /// <summary>Events per second that are handled at most: the slowest stage behind Kafka, or the machines that it shares.</summary>
    public double Handled => BehindKafka.Min(stage => stage.EventsPerSecond);

    private List<StageCapacity> BehindKafka
    {
        get
        {
            List<StageCapacity> stages = [Processor, Database];
            if (_traffic.HottestKeyShare > 0)
                stages.Add(HottestKey);
            if (_limits.Machines > 0)
                stages.Add(Machines);
            return stages;
        }
    }

    private StageCapacity IngestOf(string name, double eventsPerRequest)
    {
        var seconds = BatchedEventSeconds + ((SingleRequestSeconds - BatchedEventSeconds) / eventsPerRequest);
        return Stage(
            name,
            _limits.IngestNodes * _limits.Cores / seconds,
            $"{Of(_limits.IngestNodes)} nodes x {Of(_limits.Cores)} cores / {Of(seconds * 1e6)} microseconds"
        );
    }

    private StageCapacity Stage(string name, double rate, string arithmetic) =>
        new(
            name,
            rate,
            _traffic.EventsPerSecond / rate,
            BurstEventsPerSecond / rate,
            $"{arithmetic} = {(double.IsInfinity(rate) ? "any number of" : Of(rate))} events/s"
        );
}
