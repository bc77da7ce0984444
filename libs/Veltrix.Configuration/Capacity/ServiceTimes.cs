namespace Veltrix.Configuration.Capacity;

/// <summary>
/// What each stage costs. These are assumed where nobody measured the machine at hand: they come from runs of the whole
/// platform on two cores, the load generator beside it, so a machine of its own does better.
/// </summary>
internal static class ServiceTimes
{
    /// <summary>Core-seconds of one event in a request of its own: 4,000/s on 2 cores (ADR 0008).</summary>
    public const double SingleRequestSeconds = 2.0 / 4_000;

    /// <summary>Core-seconds of one event in a batch: about 40,000/s on 2 cores, seen with <c>veltrix load --batch</c>; no ADR yet.</summary>
    public const double BatchedEventSeconds = 2.0 / 40_000;

    /// <summary>
    /// Seconds that a transaction costs whatever it holds. With <see cref="HandledEventSeconds"/> it is fitted to all events
    /// having one key, so that one transaction follows the other: 8,000 events/s in transactions of at most 20 events, 14,500
    /// in 50, 18,500 to 23,000 in 100, 24,000 to 28,700 in 200 (<c>veltrix load --batch 100 --keys 1</c> at up to 30,000/s).
    /// </summary>
    public const double TransactionSeconds = 0.0022;

    /// <summary>Seconds of one worker for one event.</summary>
    public const double HandledEventSeconds = 0.00002;

    /// <summary>
    /// Core-seconds of PostgreSQL for one event of a full batch. ADR 0008: of the processor time that single events cost
    /// processors and PostgreSQL, 1.1 of 3.8 s were PostgreSQL's; the same share of 100 microseconds in full batches.
    /// </summary>
    public const double DatabaseEventSeconds = 0.00003;

    /// <summary>
    /// Core-seconds of PostgreSQL for one transaction. ADR 0008: 110 microseconds for an event in transactions of about 15,
    /// less <see cref="DatabaseEventSeconds"/>, times 15.
    /// </summary>
    public const double DatabaseTransactionSeconds = 0.0012;

    /// <summary>
    /// Core-seconds of one request where everything shares the machine: producer, proxy, ingest. Fitted, like the other
    /// shared times, to runs of <c>tools/benchmark-capacity</c>; docs/doctor/README.md has them beside the predictions.
    /// </summary>
    public const double SharedRequestSeconds = 0.00037;

    /// <summary>Core-seconds of one event of no bytes in a large batch, from the producer to its effect, all processes together.</summary>
    public const double SharedEventSeconds = 0.000038;

    /// <summary>Core-seconds of one byte of an event: read, parsed, written, fetched.</summary>
    public const double SharedByteSeconds = 10e-9;

    /// <summary>Core-seconds of one transaction, whatever it holds: processor, database, Redis and the commit of its offsets.</summary>
    public const double SharedTransactionSeconds = 0.0043;

    /// <summary>Core-seconds of one event in a transaction; part of <see cref="SharedEventSeconds"/>.</summary>
    public const double SharedHandlingSeconds = 0.00003;

    /// <summary>How many times longer than its core-seconds a transaction takes while all cores are busy.</summary>
    public const double BusyMachineStretch = 2;

    /// <summary>From the request to the acknowledgement on a healthy platform near its limit: p50 of 21 ms (ADR 0008).</summary>
    public const double AcknowledgementSeconds = 0.021;

    /// <summary>CloudEvents attributes in headers, the key and Kafka's framing; assumed from records of the reference workload.</summary>
    public const int RecordOverheadBytes = 150;

    /// <summary>A .NET service at rest: resident bytes with its libraries; assumed.</summary>
    public const long ProcessBytes = 150_000_000;

    /// <summary>A connection of Kestrel with its buffers; assumed.</summary>
    public const long ConnectionBytes = 20_000;

    /// <summary>Files and sockets of a service at rest; assumed.</summary>
    public const int ProcessDescriptors = 250;

    /// <summary>Consumers of a processor: projections and workflows.</summary>
    public const int Consumers = 2;

    /// <summary>Log, offset index and time index of the segment that a partition writes.</summary>
    public const int DescriptorsOfPartition = 3;

    /// <summary>A stage that is busier than this has no room for what the mean does not show.</summary>
    public const double HealthyUtilisation = 0.7;
}
