using System.Diagnostics;
using Confluent.Kafka;
using Veltrix.Configuration;

namespace Veltrix.Processor.Consuming;

/// <summary>What bounds one polled batch; read anew for each.</summary>
/// <param name="Events">Most events.</param>
/// <param name="Bytes">Most bytes.</param>
/// <param name="Spacing">Under load a transaction begins at most this often: fewer, larger ones cost less.</param>
internal readonly record struct BatchLimits(int Events, int Bytes, TimeSpan Spacing);

/// <summary>
/// One member of a consumer group. A thread of its own polls: while one batch is in the handler's hands the next is
/// gathered, so that PostgreSQL and Kafka work at the same time. Polling never stops, whatever the handler waits for,
/// because a member that does not poll is thrown out of its group.
/// </summary>
internal sealed partial class BatchConsumer
{
    private static readonly TimeSpan Tick = TimeSpan.FromMilliseconds(2);
    private static readonly TimeSpan IdleTick = TimeSpan.FromMilliseconds(50);
    private static readonly TimeSpan LongestWithoutPoll = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan PatienceOnRevocation = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan PatienceOnStop = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan PatienceOnCommit = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan PatienceOnReading = TimeSpan.FromSeconds(0.5);

    // 2.6.0 in librdkafka's notation, two hexadecimal digits each.
    private const int FirstSoundSticky = 0x02060000;
    private const int FirstWithQueueBackoff = 0x02020000;

    private readonly Func<BatchLimits> _limits;
    private readonly Func<IReadOnlyList<string>> _topics;
    private readonly PersistentHandling _handling;
    private readonly ProcessorQueue _queue;
    private readonly ILogger _logger;
    private readonly IConsumer<byte[], byte[]> _consumer;
    private readonly OffsetCommitter _committer;
    private readonly ReadAhead _readAhead;

    private List<BatchRecord> _gathered = [];
    private int _gatheredBytes;
    private BatchInHand? _inHand;
    private IReadOnlyList<string> _subscribed = [];
    private List<TopicPartition> _paused = [];
    private long _lastStart;

    public BatchConsumer(
        ConsumerConfig settings,
        Func<IReadOnlyList<string>> topics,
        Func<BatchLimits> limits,
        PersistentHandling handling,
        ProcessorQueue queue,
        ILogger logger
    )
    {
        _queue = queue;
        _topics = topics;
        _limits = limits;
        _handling = handling;
        _logger = logger;
        _consumer = new ConsumerBuilder<byte[], byte[]>(settings)
            .SetPartitionsAssignedHandler((_, partitions) => Assigned(partitions))
            .SetPartitionsRevokedHandler((_, partitions) => TakenAway(partitions, lost: false))
            .SetPartitionsLostHandler((_, partitions) => TakenAway(partitions, lost: true))
            .SetErrorHandler((_, error) => Log.Error(logger, error.Code, error.Reason))
            .SetLogHandler((_, entry) => Log.Library(logger, entry.Facility, entry.Message))
            .Build();
        _committer = new OffsetCommitter(_consumer, logger);
        _readAhead = new ReadAhead(
            settings.QueuedMaxMessagesKbytes!.Value,
            partition => _consumer.QueryWatermarkOffsets(partition, PatienceOnReading)
        );
    }

    /// <summary>
    /// Rebalances that only move what has to move, where the library can be trusted with them: before 2.6 it ends the
    /// process when such a consumer is closed ahead of its first assignment, or never ends an assignment. Debian 12 has 2.0.2.
    /// Source: librdkafka issues 4312 and 4783.
    /// </summary>
    private static PartitionAssignmentStrategy Strategy =>
        Library.Version >= FirstSoundSticky
            ? PartitionAssignmentStrategy.CooperativeSticky
            : PartitionAssignmentStrategy.RoundRobin;

    /// <summary>The client library's settings: those of the configuration's profile, and those that nobody chooses.</summary>
    public static ConsumerConfig Settings(
        string bootstrapServers,
        string group,
        string clientId,
        ConsumerConfiguration profile
    )
    {
        var settings = new ConsumerConfig
        {
            BootstrapServers = bootstrapServers,
            GroupId = group,
            ClientId = clientId,
            EnableAutoCommit = profile.EnableAutoCommit,
            EnableAutoOffsetStore = profile.EnableAutoCommit,
            AutoOffsetReset =
                profile.AutoOffsetReset == OffsetReset.Latest ? AutoOffsetReset.Latest : AutoOffsetReset.Earliest,
            PartitionAssignmentStrategy = Strategy,
            SessionTimeoutMs = profile.SessionTimeoutMilliseconds,
            HeartbeatIntervalMs = profile.HeartbeatIntervalMilliseconds,
            MaxPollIntervalMs = profile.MaximumPollIntervalMilliseconds,
            // A record counts for a kilobyte at least: its headers and what the library keeps of it are not counted.
            QueuedMinMessages = profile.QueuedKilobytes,
            QueuedMaxMessagesKbytes = profile.QueuedKilobytes,
            FetchWaitMaxMs = profile.FetchWaitMilliseconds,
            FetchErrorBackoffMs = 100,
            ReconnectBackoffMs = 50,
            ReconnectBackoffMaxMs = 1_000,
            // A topic that is created after the start is found within this time.
            TopicMetadataRefreshIntervalMs = 10_000,
            AllowAutoCreateTopics = false,
            SocketKeepaliveEnable = true,
        };
        if (Library.Version >= FirstWithQueueBackoff)
            settings.Set("fetch.queue.backoff.ms", "10");
        return settings;
    }

    /// <summary>Runs until <paramref name="stopping"/>; then finishes the batch in hand, commits and leaves the group.</summary>
    public Task RunAsync(CancellationToken stopping) =>
        Task.Factory.StartNew(
            () => Run(stopping),
            CancellationToken.None,
            TaskCreationOptions.LongRunning,
            TaskScheduler.Default
        );

    private void Run(CancellationToken stopping)
    {
        try
        {
            while (!stopping.IsCancellationRequested)
            {
                Subscribe();
                Gather();
                _queue.Bytes = _gatheredBytes + (_inHand?.Bytes ?? 0);
                Settle();
                Begin();
                _committer.Advance();
            }
        }
        finally
        {
            Leave();
        }
    }

    private void Subscribe()
    {
        var topics = _topics();
        if (ReferenceEquals(topics, _subscribed) || topics.SequenceEqual(_subscribed, StringComparer.Ordinal))
            return;
        // The library refuses a subscription to nothing.
        if (topics.Count == 0)
            _consumer.Unsubscribe();
        else
            _consumer.Subscribe(topics);
        _subscribed = topics;
        Log.Subscribed(_logger, string.Join(", ", topics));
    }

    private void Gather()
    {
        var limits = _limits();
        if (IsFull(limits))
        {
            WaitForRoom();
            return;
        }
        Resume();
        var wait = _gathered.Count == 0 && _inHand is null ? IdleTick : Tick;
        if (!Consume(wait))
            return;
        // What was published while this waited counts already.
        limits = _limits();
        while (!IsFull(limits) && Consume(TimeSpan.Zero)) { }
    }

    private bool IsFull(BatchLimits limits) => _gathered.Count >= limits.Events || _gatheredBytes >= limits.Bytes;

    /// <summary>The next batch is full: wait for the one in hand, and keep polling, with paused partitions, if that takes long.</summary>
    private void WaitForRoom()
    {
        if (_inHand is null || (_paused.Count == 0 && _inHand.Wait(LongestWithoutPoll)))
            return;
        Pause();
        // What was fetched before the pause may still arrive; it is few, and kept.
        Consume(IdleTick);
    }

    /// <summary>Pauses what is assigned, also what was assigned since the last look.</summary>
    private void Pause()
    {
        var assigned = _consumer.Assignment;
        if (_paused.Count == assigned.Count)
            return;
        if (_paused.Count == 0)
            Log.Paused(_logger);
        _consumer.Pause(assigned);
        _paused = assigned;
    }

    private void Resume()
    {
        if (_paused.Count == 0)
            return;
        _consumer.Resume(_paused);
        _paused = [];
        Log.Resumed(_logger);
    }

    private bool Consume(TimeSpan wait)
    {
        try
        {
            if (_consumer.Consume(wait) is not { } result)
            {
                _readAhead.Emptied();
                return false;
            }
            _readAhead.Took(result);
            var record = BatchRecord.Of(result);
            _gathered.Add(record);
            _gatheredBytes += record.Bytes;
            return true;
        }
        catch (ConsumeException failure) when (!failure.Error.IsFatal)
        {
            // A topic that does not exist yet, a broker that is away: the client keeps trying.
            Log.ConsumeFailed(_logger, failure.Error.Code, failure.Error.Reason);
            return false;
        }
    }

    private void Begin()
    {
        if (_inHand is not null || _gathered.Count == 0)
            return;
        var limits = _limits();
        if (!IsFull(limits) && Stopwatch.GetElapsedTime(_lastStart) < limits.Spacing)
            return;
        _lastStart = Stopwatch.GetTimestamp();
        _inHand = new BatchInHand(_gathered, _gatheredBytes, _handling);
        _gathered = [];
        _gatheredBytes = 0;
    }

    /// <summary>Commits the offsets of a batch that ended; what an abandoned one left over is gathered again.</summary>
    private void Settle()
    {
        if (_inHand is not { IsEnded: true } ended)
            return;
        _inHand = null;
        if (ended.TryFinish(out var offsets))
        {
            _committer.Add(offsets);
            return;
        }
        _gathered.InsertRange(0, ended.Records);
        _gatheredBytes = _gathered.Sum(record => record.Bytes);
    }

    private void Assigned(List<TopicPartition> partitions)
    {
        if (partitions.Count > 0)
            Log.Assigned(_logger, string.Join(", ", partitions));
    }

    /// <summary>
    /// Another member takes partitions over. The batch in hand may finish first, for a moment; else it is abandoned
    /// and rolled back, so that it does not wait here for what its next owner handles.
    /// </summary>
    private void TakenAway(List<TopicPartitionOffset> partitions, bool lost)
    {
        Log.TakenAway(_logger, lost ? "lost" : "revoked", string.Join(", ", partitions));
        var away = partitions.Select(partition => partition.TopicPartition).ToHashSet();
        Unpause(away);
        if (_inHand is { } batch && batch.Touches(away))
        {
            if (!batch.Wait(lost ? TimeSpan.Zero : PatienceOnRevocation))
                batch.Abandon();
            Settle();
        }
        _gathered.RemoveAll(record => away.Contains(record.Result.TopicPartition));
        _gatheredBytes = _gathered.Sum(record => record.Bytes);
        if (lost)
            _committer.Forget(away);
        else
            _committer.Flush(PatienceOnCommit);
    }

    /// <summary>The library remembers a pause beyond an assignment: a partition that came back would never be read again.</summary>
    private void Unpause(HashSet<TopicPartition> away)
    {
        var paused = _paused.FindAll(away.Contains);
        if (paused.Count == 0)
            return;
        _consumer.Resume(paused);
        _paused.RemoveAll(away.Contains);
    }

    private void Leave()
    {
        if (_inHand is { } batch && !batch.Wait(PatienceOnStop))
            batch.Abandon();
        Settle();
        _gathered.Clear();
        _committer.Flush(PatienceOnCommit);
        _readAhead.Settle();
        // Leaving talks to the coordinator; without one the session timeout does the same for the group.
        if (!Task.Run(Close).Wait(PatienceOnCommit))
            Log.NotClosed(_logger);
    }

    private void Close()
    {
        try
        {
            _consumer.Close();
        }
        catch (KafkaException failure)
        {
            Log.Error(_logger, failure.Error.Code, failure.Error.Reason);
        }
        _consumer.Dispose();
    }
}
