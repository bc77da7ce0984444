using System.Diagnostics;
using Microsoft.Extensions.Options;
using Veltrix.Broker.Groups;
using Veltrix.Broker.Log;
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
    private readonly ILogger _logger;
    private readonly string _directory;
    private bool _disposed;

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
        File.Delete(marker);
        Identity = new NodeIdentity(disk, Path.Combine(_directory, "node.json"));
        _flusher = new LogFlusher(metrics);
        var environment = new LogEnvironment(disk, _flusher, time, logger, options.MaximumProducersPerPartition);
        Topics = new TopicStore(environment, options, _directory, Identity.LeaderEpoch);
        Groups = new GroupCoordinator(environment, options, _directory);
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

    public int NodeId => Options.NodeId;

    /// <summary>The port that clients are told; known only after listening when any free one was asked for.</summary>
    public int AdvertisedPort { get; set; }

    /// <summary>Writes down what a start needs, as often as it is called; only partitions with enough new data take part.</summary>
    public void Checkpoint()
    {
        foreach (var partition in Topics.All.SelectMany(topic => topic.Partitions))
            partition.Checkpoint(always: false);
    }

    public void ApplyRetention()
    {
        foreach (var partition in Topics.All.SelectMany(topic => topic.Partitions))
            partition.ApplyRetention();
    }

    /// <summary>Makes everything durable and closes it. The next start then reads no log.</summary>
    public void Dispose()
    {
        if (_disposed)
            return;
        _disposed = true;
        Transactions.Dispose();
        Groups.Dispose();
        var partitions = Topics.All.SelectMany(topic => topic.Partitions).ToList();
        Parallel.ForEach(partitions, partition => partition.Checkpoint(always: true));
        _flusher.Dispose();
        Topics.Dispose();
        if (!partitions.Exists(partition => partition.IsFailed))
            _disk.Replace(Path.Combine(_directory, CleanMarker), []);
        _lock.Dispose();
    }

    private static Disk CreateDisk(BrokerOptions options) =>
        options.Durability == Durability.Group ? new Disk() : new PageCacheDisk();

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
