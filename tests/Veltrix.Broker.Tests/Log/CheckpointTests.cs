using System.Collections.Concurrent;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Win32.SafeHandles;
using Veltrix.Broker.Log;
using Veltrix.Broker.Protocol;
using Veltrix.Testing;

namespace Veltrix.Broker.Tests.Log;

/// <summary>Checkpoints beside the flusher's work.</summary>
public sealed class CheckpointTests : IDisposable
{
    private static readonly LogSettings Small = TestLog.Large with { SegmentBytes = 4096 };
    private readonly TemporaryDirectory _directory = new();
    private readonly BrokerMetrics _metrics = new();
    private readonly SlowDisk _disk = new();
    private readonly LogFlusher _flusher;
    private readonly LogEnvironment _environment;
    private readonly List<PartitionLog> _logs = [];

    public CheckpointTests()
    {
        _flusher = new LogFlusher(_metrics);
        _environment = new LogEnvironment(_disk, _flusher, TimeProvider.System, NullLogger.Instance, 100);
    }

    public void Dispose()
    {
        _flusher.Dispose();
        _logs.ForEach(log => log.Dispose());
        _metrics.Dispose();
        _directory.Dispose();
    }

    /// <summary>Nothing is left for the flusher to sync, and all the same it has to show the records.</summary>
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Checkpoint_WhileTheFlusherIsBusy_HidesNoAcknowledgedRecord(bool thenRolls)
    {
        var (busy, log) = (Open("busy"), Open("log"));
        _disk.HoldFlusher();
        var first = Append(busy);
        await Eventually.HoldsAsync(() => _disk.IsHeld, cancellation: TestContext.Current.CancellationToken);
        var acknowledged = Append(log);
        var checkpoint = Task.Run(log.Checkpoint);
        await Eventually.HoldsAsync(
            () => Directory.GetFiles(Path.Combine(_directory.Path, "log"), "checkpoint*").Length > 0,
            cancellation: TestContext.Current.CancellationToken
        );
        _disk.ReleaseFlusher();
        (await checkpoint).ShouldBeTrue();
        (await first).ShouldBe(ErrorCode.None);
        (await acknowledged).ShouldBe(ErrorCode.None);
        if (thenRolls)
            (await Append(log, payloadBytes: 4000)).ShouldBe(ErrorCode.None);

        log.TryFind(0, 1000, atLeastOne: true, out var range).ShouldBe(ErrorCode.None);
        range.Bytes.ShouldBeGreaterThan(0);
        var batch = new byte[range.Bytes];
        range.Read(batch);
        new BatchHeader(batch).BaseOffset.ShouldBe(0);
    }

    /// <summary>A thousand partitions every few seconds must not keep the disk from the commits.</summary>
    [Fact]
    public void Save_ManyLogs_SyncsTheFileSystemAndNoFile()
    {
        using var checkpoints = new Checkpoints(
            _disk,
            _flusher,
            NullLogger.Instance,
            FileSystem.TryOpen(_disk, _directory.Path)
        );
        for (var index = 0; index < 20; index++)
            Open($"{index}").Append(TestBatch.Create(), null, 0).Error.ShouldBe(ErrorCode.None);
        // The logs are durable: what follows is the checkpoints' own.
        _flusher.Sync(_logs);
        var (files, directories) = (_disk.FileSyncs, _disk.DirectorySyncs);
        checkpoints.Save(_logs).ShouldBeTrue();
        (_disk.FileSyncs, _disk.DirectorySyncs, _disk.FileSystemSyncs).ShouldBe((files, directories, 2));
        Directory.GetFiles(_directory.Path, "checkpoint", SearchOption.AllDirectories).Length.ShouldBe(20);
        _logs.ShouldAllBe(log => log.BytesSinceCheckpoint == 0);
    }

    /// <summary>What the system says of a lost page, it says once to each who asks: the flusher has to hear it, and does not hear it twice.</summary>
    [Fact]
    public async Task Checkpoint_SyncsNoSegmentItself()
    {
        var log = Open("log");
        _disk.HoldFlusher();
        var acknowledged = Append(log);
        await Eventually.HoldsAsync(() => _disk.IsHeld, cancellation: TestContext.Current.CancellationToken);
        var checkpoint = Task.Run(log.Checkpoint, TestContext.Current.CancellationToken);
        await Eventually.HoldsAsync(
            () => File.Exists(Path.Combine(_directory.Path, "log", "checkpoint.new")),
            cancellation: TestContext.Current.CancellationToken
        );
        _disk.FailsToSyncSegments = true;
        _disk.ReleaseFlusher();
        (await acknowledged).ShouldBe(ErrorCode.KafkaStorageError);
        (await checkpoint).ShouldBeFalse();
        _disk.SegmentSyncsElsewhere.ShouldBe(0);
        Directory.GetFiles(Path.Combine(_directory.Path, "log"), "checkpoint*").ShouldBeEmpty();
    }

    private PartitionLog Open(string name)
    {
        var log = new PartitionLog(_environment, Path.Combine(_directory.Path, name), Small, 0);
        _logs.Add(log);
        return log;
    }

    private static Task<ErrorCode> Append(PartitionLog log, int payloadBytes = 100)
    {
        var waiter = new TestLog.Waiter();
        log.Append(TestBatch.Create(payloadBytes: payloadBytes), waiter, 0).Error.ShouldBe(ErrorCode.None);
        return waiter.Durable;
    }

    /// <summary>Holds up the flusher's syncs and nobody else's, and counts all of them.</summary>
    private sealed class SlowDisk : Disk
    {
        private readonly ManualResetEventSlim _maySync = new(initialState: true);
        private readonly ConcurrentDictionary<SafeFileHandle, string> _paths = new();
        private volatile bool _held;
        private int _fileSyncs;

        public bool IsHeld => _held;

        public bool FailsToSyncSegments { get; set; }

        public int FileSyncs => Volatile.Read(ref _fileSyncs);

        public int DirectorySyncs { get; private set; }

        public int FileSystemSyncs { get; private set; }

        /// <summary>By anybody else than the flusher, after <see cref="HoldFlusher"/>.</summary>
        public int SegmentSyncsElsewhere { get; private set; }

        public void HoldFlusher() => _maySync.Reset();

        public void ReleaseFlusher() => _maySync.Set();

        public override SafeFileHandle Open(string path, FileMode mode)
        {
            var file = base.Open(path, mode);
            _paths[file] = path;
            return file;
        }

        public override void Flush(SafeFileHandle file)
        {
            var isFlusher = Thread.CurrentThread.Name == "log flusher";
            var isSegment = _paths[file].EndsWith(Segment.Extension, StringComparison.Ordinal);
            Interlocked.Increment(ref _fileSyncs);
            if (isFlusher && !_maySync.IsSet)
            {
                _held = true;
                _maySync.Wait();
            }
            else if (isSegment && !isFlusher && !_maySync.IsSet)
            {
                SegmentSyncsElsewhere++;
            }
            if (isSegment && FailsToSyncSegments)
                throw new IOException("Input/output error");
            base.Flush(file);
        }

        public override void FlushDirectory(string path)
        {
            DirectorySyncs++;
            base.FlushDirectory(path);
        }

        public override void FlushFileSystem(SafeFileHandle directory)
        {
            FileSystemSyncs++;
            base.FlushFileSystem(directory);
        }
    }
}
