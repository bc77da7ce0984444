using System.Diagnostics;
using Microsoft.Extensions.Options;
using Veltrix.Broker.Groups;
using Veltrix.Broker.Log;
using Veltrix.Broker.Log.Compaction;
using Veltrix.Broker.Topics;
using Veltrix.Broker.Transactions;

namespace Veltrix.Broker;

/// <summary>Everything that the node holds, opened from its data directory and closed in order.</summary>
internal sealed partial class BrokerNode : IDisposable
{
    private const string CleanMarker = "clean-shutdown";
    private readonly FileStream _lock;
    private readonly Disk _disk;
    private readonly LogFlusher _flusher;
    private readonly Checkpoints _checkpoints;
    private readonly LogCompactor _compactor;
    private readonly ILogger _logger;
    private readonly string _directory;
    private bool _disposed;

    /// <summary>So much may be read again after a crash, of all partitions together, before smaller ones are due, too.</summary>
    private const long UncheckedBytes = 512 * 1024 * 1024;
    private const long LeastCheckpointBytes = 64 * 1024;

    public BrokerNode(
        IOptions<BrokerOptions> options,
        TimeProvider time,
        BrokerMetrics metrics,
        ILogger<BrokerNode> logger
    )
        : this(options.Value, time, metrics, logger, CreateDisk(options.Value)) { }

    internal BrokerNode(BrokerOptions options, TimeProvider time, BrokerMetrics metrics, ILogger logger, Disk disk)
    {
        var started = Stopwatch.GetTimestamp();
        Options = options;
        Metrics = metrics;
        Time = time;
        _logger = logger;
        _disk = disk;
        _directory = Path.GetFullPath(options.DataDirectory);
        Directory.CreateDirectory(_directory);
        _lock = Lock(_directory);

        var marker = Path.Combine(_directory, CleanMarker);
        var clean = File.Exists(marker);
        disk.Delete(marker);
        Identity = new NodeIdentity(disk, logger, Path.Combine(_directory, "node.json"));
        _flusher = new LogFlusher(
            metrics,
            options.Durability,
            TimeSpan.FromMilliseconds(options.FlushIntervalMilliseconds),
            FileSystem.TryOpen(disk, _directory)
        );
        _checkpoints = new Checkpoints(disk, _flusher, logger, FileSystem.TryOpen(disk, _directory));
        var environment = new LogEnvironment(
            disk,
            _flusher,
            time,
            logger,
            options.MaximumProducersPerPartition,
            options.MaximumRequestBytes
        )
        {
            PageCache = new PageCache(disk, options.PageCacheBytes),
            Checkpoints = _checkpoints,
        };
        _compactor = new LogCompactor(environment, options.CompactionMemoryBytes);
        Topics = new TopicStore(environment, options, _directory, Identity.LeaderEpoch);
        Groups = new GroupCoordinator(environment, options, _directory);
        // A topic goes before the offsets that groups have of it, and a crash may have come in between.
        ForgetMissingTopicsAsync().Wait();
        Transactions = new TransactionCoordinator(
            environment,
            options,
            Topics,
            Groups,
            Identity.ProducerIds,
            _directory
        );
        AdvertisedPort = options.AdvertisedPort ?? options.Port;
        Log.Opened(
            logger,
            _directory,
            clean ? "a clean stop" : "a crash, or for the first time",
            Topics.PartitionCount,
            Stopwatch.GetElapsedTime(started).TotalMilliseconds
        );
    }

    public BrokerOptions Options { get; }

    public BrokerMetrics Metrics { get; }

    public TimeProvider Time { get; }

    public NodeIdentity Identity { get; }

    public TopicStore Topics { get; }

    public GroupCoordinator Groups { get; }

    public TransactionCoordinator Transactions { get; }

    public SyncRounds SyncRounds => _flusher.Rounds;

    public int NodeId => Options.NodeId;

    /// <summary>The port that clients are told; known only after listening when any free one was asked for.</summary>
    public int AdvertisedPort { get; set; }

    private IEnumerable<PartitionLog> Partitions => Topics.All.SelectMany(topic => topic.Partitions);

    /// <summary>Writes down what a start needs, as often as it is called; only partitions with enough new data take part.</summary>
    public void Checkpoint()
    {
        var since = Partitions.Select(partition => (Log: partition, Bytes: partition.BytesSinceCheckpoint)).ToList();
        var least = since.Sum(entry => entry.Bytes) > UncheckedBytes ? LeastCheckpointBytes : Options.CheckpointBytes;
        _checkpoints.Save([.. since.Where(entry => entry.Bytes >= least).Select(entry => entry.Log)]);
    }

    public void ApplyRetention()
    {
        foreach (var partition in Partitions)
            partition.ApplyRetention();
    }

    /// <summary>Forgets offsets whose topic is gone.</summary>
    public Task ForgetMissingTopicsAsync() => Groups.ForgetMissingTopicsAsync(name => Topics.Find(name) is not null);

    /// <summary>Compacts the logs that are due. Takes as long as it takes.</summary>
    public void Compact(CancellationToken cancellation) => _compactor.Run(Partitions, cancellation);

    /// <summary>Makes everything durable and closes it. The next start then reads no log.</summary>
    public void Dispose()
    {
        if (_disposed)
            return;
        _disposed = true;
        Transactions.Dispose();
        Groups.Dispose();
        var isNoted = _checkpoints.Save([.. Partitions]);
        _flusher.Dispose();
        _checkpoints.Dispose();
        Topics.Dispose();
        if (isNoted)
            MarkClean();
        _lock.Dispose();
    }

    private void MarkClean()
    {
        try
        {
            _disk.Replace(Path.Combine(_directory, CleanMarker), []);
        }
        catch (IOException error)
        {
            Log.NotClean(_logger, error);
        }
    }

    private static Disk CreateDisk(BrokerOptions options) =>
        options.Durability == Durability.None ? new PageCacheDisk() : new Disk();

    private static FileStream Lock(string directory)
    {
        try
        {
            return new FileStream(
                Path.Combine(directory, "lock"),
                FileMode.OpenOrCreate,
                FileAccess.ReadWrite,
                FileShare.None
            );
        }
        catch (IOException error)
        {
            throw new BrokerStartException(
                $"The data directory {directory} belongs to another running broker. Stop that one, or set Broker:DataDirectory.",
                error
            );
        }
    }

    private static partial class Log
    {
        [LoggerMessage(
            LogLevel.Error,
            "Could not note a clean stop; the next start reads what came since the checkpoints"
        )]
        public static partial void NotClean(ILogger logger, Exception error);

        [LoggerMessage(
            LogLevel.Information,
            "Opened {Directory} after {Before}: {Partitions} partitions in {Milliseconds:F0} ms"
        )]
        public static partial void Opened(
            ILogger logger,
            string directory,
            string before,
            int partitions,
            double milliseconds
        );
    }
}
