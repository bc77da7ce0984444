using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Win32.SafeHandles;
using Veltrix.Broker.Log;
using Veltrix.Broker.Protocol;
using Veltrix.Testing;

namespace Veltrix.Broker.Tests.Log;

/// <summary>How many partitions share a sync, and what becomes of them when it fails.</summary>
public sealed class LogFlusherTests : IDisposable
{
    private const int Many = 12;
    private readonly TemporaryDirectory _directory = new();
    private readonly BrokerMetrics _metrics = new();
    private readonly CountingDisk _disk = new();
    private readonly List<PartitionLog> _logs = [];
    private LogFlusher? _flusher;

    public void Dispose()
    {
        _flusher?.Dispose();
        _logs.ForEach(log => log.Dispose());
        _metrics.Dispose();
        _directory.Dispose();
    }

    [Fact]
    public async Task Commit_ManyPartitions_SyncsTheFileSystemAndNoFile()
    {
        Open(Many, Durability.Group, FileSystem.TryOpen(_disk, _directory.Path));
        var (files, systems) = (_disk.FileSyncs, _disk.FileSystemSyncs);
        (await AppendToAllAsync()).ShouldAllBe(error => error == ErrorCode.None);
        _disk.FileSystemSyncs.ShouldBeGreaterThan(systems);
        // The first round may have caught the first few only.
        (_disk.FileSyncs - files).ShouldBeLessThan(Many);
        _logs.ShouldAllBe(log => log.HighWatermark == 1);
    }

    [Fact]
    public async Task Commit_OnePartition_SyncsItsFile()
    {
        Open(1, Durability.Group, FileSystem.TryOpen(_disk, _directory.Path));
        var files = _disk.FileSyncs;
        (await AppendToAllAsync()).ShouldBe([ErrorCode.None]);
        _disk.FileSyncs.ShouldBe(files + 1);
        _disk.FileSystemSyncs.ShouldBe(0);
    }

    [Fact]
    public async Task Commit_WithoutSyncOfTheFileSystem_SyncsEachFile()
    {
        Open(Many, Durability.Group, fileSystem: null);
        var files = _disk.FileSyncs;
        (await AppendToAllAsync()).ShouldAllBe(error => error == ErrorCode.None);
        _disk.FileSyncs.ShouldBe(files + Many);
    }

    [Fact]
    public async Task Commit_SyncOfTheFileSystemFails_StopsEveryPartitionOfTheRoundAndIsNotTriedAgain()
    {
        Open(Many + 1, Durability.Group, FileSystem.TryOpen(_disk, _directory.Path));
        _disk.FailsToFlushFileSystem = true;
        _disk.HoldFileSyncs();
        // The flusher waits for this file while all others gather for the next round.
        var first = Append(_logs[Many]);
        await Eventually.HoldsAsync(() => _disk.IsSyncHeld, cancellation: TestContext.Current.CancellationToken);
        var others = _logs.Take(Many).Select(Append).ToList();
        _disk.ReleaseFileSyncs();
        (await first).ShouldBe(ErrorCode.None);
        (await Task.WhenAll(others)).ShouldAllBe(error => error == ErrorCode.KafkaStorageError);
        _logs.Take(Many).ShouldAllBe(log => log.IsFailed && log.HighWatermark == 0);

        var systems = _disk.FileSystemSyncs;
        (await Append(_logs[Many])).ShouldBe(ErrorCode.None);
        _disk.FileSystemSyncs.ShouldBe(systems);
    }

    [Fact]
    public async Task Interval_AcknowledgesBeforeTheSync_AndSyncsInTheEnd()
    {
        Open(2, Durability.Interval, FileSystem.TryOpen(_disk, _directory.Path), TimeSpan.FromHours(1));
        var files = _disk.FileSyncs;
        (await AppendToAllAsync()).ShouldBe([ErrorCode.None, ErrorCode.None]);
        _logs.ShouldAllBe(log => log.HighWatermark == 1);
        _disk.FileSyncs.ShouldBe(files);
        _flusher!.Dispose();
        _disk.FileSyncs.ShouldBe(files + 2);
    }

    [Fact]
    public async Task Interval_SyncsWhenItIsDue()
    {
        Open(1, Durability.Interval, fileSystem: null, TimeSpan.FromMilliseconds(1));
        var files = _disk.FileSyncs;
        await AppendToAllAsync();
        await Eventually.HoldsAsync(() => _disk.FileSyncs > files, cancellation: TestContext.Current.CancellationToken);
    }

    [Theory]
    [InlineData(nameof(Durability.Group))]
    [InlineData(nameof(Durability.Interval))]
    [InlineData(nameof(Durability.None))]
    public async Task Sync_ReturnsWhenEverythingIsSynced_WhateverDurabilitySays(string durability)
    {
        Open(2, Enum.Parse<Durability>(durability), fileSystem: null, TimeSpan.FromHours(1));
        await AppendToAllAsync();
        _flusher!.Sync(_logs).ShouldBeTrue();
        _logs.ShouldAllBe(log => log.SegmentsFrom(0)[0].IsSynced);
        _flusher.Dispose();
        _flusher.Sync(_logs).ShouldBeFalse();
    }

    private void Open(int partitions, Durability durability, FileSystem? fileSystem, TimeSpan interval = default)
    {
        _flusher = new LogFlusher(_metrics, durability, interval, fileSystem);
        var environment = new LogEnvironment(_disk, _flusher, TimeProvider.System, NullLogger.Instance, 100);
        for (var index = 0; index < partitions; index++)
            _logs.Add(new PartitionLog(environment, Path.Combine(_directory.Path, $"{index}"), TestLog.Large, 0));
    }

    private Task<ErrorCode[]> AppendToAllAsync() => Task.WhenAll(_logs.Select(Append));

    private static Task<ErrorCode> Append(PartitionLog log)
    {
        var waiter = new TestLog.Waiter();
        log.Append(TestBatch.Create(), waiter, 0).Error.ShouldBe(ErrorCode.None);
        return waiter.Durable;
    }

    private sealed class CountingDisk : Disk
    {
        private readonly ManualResetEventSlim _maySync = new(initialState: true);
        private int _fileSyncs;
        private int _fileSystemSyncs;
        private volatile bool _held;

        public bool FailsToFlushFileSystem { get; set; }

        /// <summary>Whether a sync began after <see cref="HoldFileSyncs"/>.</summary>
        public bool IsSyncHeld => _held;

        public int FileSyncs => Volatile.Read(ref _fileSyncs);

        public int FileSystemSyncs => Volatile.Read(ref _fileSystemSyncs);

        public void HoldFileSyncs() => _maySync.Reset();

        public void ReleaseFileSyncs() => _maySync.Set();

        public override void Flush(SafeFileHandle file)
        {
            _held = !_maySync.IsSet;
            _maySync.Wait();
            Interlocked.Increment(ref _fileSyncs);
            base.Flush(file);
        }

        public override void FlushFileSystem(SafeFileHandle directory)
        {
            Interlocked.Increment(ref _fileSystemSyncs);
            if (FailsToFlushFileSystem)
                throw new IOException("Input/output error");
        }
    }
}
