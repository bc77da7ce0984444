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

    /// <summary>Holds up the flusher's syncs and nobody else's.</summary>
    private sealed class SlowDisk : Disk
    {
        private readonly ManualResetEventSlim _maySync = new(initialState: true);
        private volatile bool _held;

        public bool IsHeld => _held;

        public void HoldFlusher() => _maySync.Reset();

        public void ReleaseFlusher() => _maySync.Set();

        public override void Flush(SafeFileHandle file)
        {
            if (Thread.CurrentThread.Name == "log flusher" && !_maySync.IsSet)
            {
                _held = true;
                _maySync.Wait();
            }
            base.Flush(file);
        }
    }
}
