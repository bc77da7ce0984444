namespace Veltrix.Broker;

/// <summary>Configuration section <c>Broker</c>. Everything that grows has its limit here.</summary>
internal sealed class BrokerOptions
{
    public const string Section = "Broker";

    /// <summary>Address to listen on.</summary>
    public string ListenAddress { get; set; } = "127.0.0.1";

    /// <summary>Port to listen on; 0 takes a free one.</summary>
    public int Port { get; set; } = 29092;

    /// <summary>Host that clients are told to connect to. Numeric by default: "localhost" means ::1 to many of them.</summary>
    public string AdvertisedHost { get; set; } = "127.0.0.1";

    /// <summary>Port that clients are told to connect to; the listening one by default.</summary>
    public int? AdvertisedPort { get; set; }

    /// <summary>Users and their passwords. With any, every client has to authenticate by SASL/PLAIN.</summary>
    public Dictionary<string, string> Users { get; set; } = new(StringComparer.Ordinal);

    /// <summary>Certificate in PEM, with those of its issuers; with one, connections are TLS only.</summary>
    public string? TlsCertificateFile { get; set; }

    /// <summary>The certificate's private key in PEM, unless it stands in the certificate's file.</summary>
    public string? TlsKeyFile { get; set; }

    /// <summary>Where everything is kept. One broker at a time.</summary>
    public string DataDirectory { get; set; } = ".veltrix/kafka";

    /// <summary>This node's id.</summary>
    public int NodeId { get; set; } = 1;

    /// <summary>What an acknowledgement means: <c>group</c> on stable storage, <c>interval</c> and <c>none</c> in the page cache.</summary>
    public Durability Durability { get; set; } = Durability.Group;

    /// <summary>With durability <c>interval</c>: milliseconds from one sync of all logs to the next.</summary>
    public int FlushIntervalMilliseconds { get; set; } = 1_000;

    /// <summary>
    /// What was written last and stays in the page cache, in bytes, of all logs together: consumers further behind read
    /// from the disk. 0 leaves it to the operating system. Has no effect with durability <c>none</c>.
    /// </summary>
    public long PageCacheBytes { get; set; } = 1024 * 1024 * 1024;

    /// <summary>
    /// What the broker's threads ask the system for at a time while few partitions are written to, in microseconds: those that ask
    /// for little are run sooner when bytes have come or the disk is done. 0 leaves it to the system, as do systems that know no such wish.
    /// </summary>
    public int TimeSliceMicroseconds { get; set; } = 100;

    /// <summary>Largest record batch, in bytes, unless a topic says otherwise.</summary>
    public int MaximumMessageBytes { get; set; } = 1_048_588;

    /// <summary>A log begins a new file beyond this many bytes.</summary>
    public long SegmentBytes { get; set; } = 64 * 1024 * 1024;

    /// <summary>A log begins a new file after this many hours.</summary>
    public int SegmentHours { get; set; } = 168;

    /// <summary>Records older than this many hours go; -1 keeps them.</summary>
    public int RetentionHours { get; set; } = 168;

    /// <summary>The oldest records of a partition beyond this many bytes go; -1 keeps them.</summary>
    public long RetentionBytes { get; set; } = -1;

    /// <summary>A log gets a checkpoint when it has grown by this many bytes since the last; a start after a crash reads what came after.</summary>
    public long CheckpointBytes { get; set; } = 8 * 1024 * 1024;

    /// <summary>How often it is looked at which logs are due for a checkpoint, in milliseconds.</summary>
    public int CheckpointIntervalMilliseconds { get; set; } = 5_000;

    /// <summary>How often retention is looked at, in seconds.</summary>
    public int RetentionCheckSeconds { get; set; } = 60;

    /// <summary>How often it is looked at which compacted topics are due, in seconds.</summary>
    public int CompactionCheckSeconds { get; set; } = 15;

    /// <summary>Memory for the keys of one compaction, in bytes; taken when the first one is due. 32 a key.</summary>
    public long CompactionMemoryBytes { get; set; } = 32 * 1024 * 1024;

    /// <summary>Committed offsets of a group without members go after this many hours.</summary>
    public int OffsetRetentionHours { get; set; } = 168;

    /// <summary>Partitions of a topic whose creator does not say.</summary>
    public int DefaultPartitions { get; set; } = 6;

    /// <summary>Whether a topic is created when a client asks for its metadata.</summary>
    public bool AutoCreateTopics { get; set; }

    /// <summary>Partitions that the broker holds at most, of all topics together.</summary>
    public int MaximumPartitions { get; set; } = 4_000;

    /// <summary>Connections at most; further ones are closed at once.</summary>
    public int MaximumConnections { get; set; } = 2_000;

    /// <summary>A connection on which nothing has moved for this many seconds is closed.</summary>
    public int MaximumIdleSeconds { get; set; } = 600;

    /// <summary>A request that has begun must be there within this many seconds.</summary>
    public int MaximumReceiveSeconds { get; set; } = 30;

    /// <summary>Largest request frame, in bytes.</summary>
    public int MaximumRequestBytes { get; set; } = 100 * 1024 * 1024;

    /// <summary>Largest request frame of all requests but Produce, in bytes: what they ask for may be many times as long.</summary>
    public int MaximumControlRequestBytes { get; set; } = 4 * 1024 * 1024;

    /// <summary>Request bytes held in memory at most, of all connections together; further requests wait.</summary>
    public long MaximumBytesInFlight { get; set; } = 256 * 1024 * 1024;

    /// <summary>Produce requests of one connection that may wait for the disk at a time.</summary>
    public int MaximumProducesInFlight { get; set; } = 64;

    /// <summary>Largest fetch answer, in bytes, whatever the client allows.</summary>
    public int MaximumFetchBytes { get; set; } = 16 * 1024 * 1024;

    /// <summary>A fetch waits for records this long at most, whatever the client allows, in milliseconds.</summary>
    public int MaximumFetchWaitMilliseconds { get; set; } = 60_000;

    /// <summary>Topics at most.</summary>
    public int MaximumTopics { get; set; } = 2_000;

    /// <summary>Consumer groups at most.</summary>
    public int MaximumGroups { get; set; } = 10_000;

    /// <summary>Members of a consumer group at most.</summary>
    public int MaximumGroupMembers { get; set; } = 1_000;

    /// <summary>Transactional ids at most.</summary>
    public int MaximumTransactionalIds { get; set; } = 10_000;

    /// <summary>Longest timeout that a producer may ask for its transactions, in milliseconds.</summary>
    public int MaximumTransactionMilliseconds { get; set; } = 900_000;

    /// <summary>A transactional id that nobody has used for this many hours is forgotten.</summary>
    public int TransactionalIdRetentionHours { get; set; } = 168;

    /// <summary>Wait for further members before a new group's first assignment, in milliseconds.</summary>
    public int InitialRebalanceDelayMilliseconds { get; set; } = 50;

    /// <summary>Idempotent producers that a partition remembers at most.</summary>
    public int MaximumProducersPerPartition { get; set; } = 10_000;
}

/// <summary>What must have happened before a produced record is acknowledged.</summary>
internal enum Durability
{
    /// <summary>It is on stable storage; requests that come together share one sync.</summary>
    Group,

    /// <summary>It is in the operating system's page cache, which is synced every so often: a crash of the machine loses what came since.</summary>
    Interval,

    /// <summary>It is in the operating system's page cache: it survives a crash of the broker, not of the machine.</summary>
    None,
}
