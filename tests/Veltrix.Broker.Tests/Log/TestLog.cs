using System.Runtime.CompilerServices;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Win32.SafeHandles;
using Veltrix.Broker.Log;
using Veltrix.Broker.Protocol;
using Veltrix.Testing;

namespace Veltrix.Broker.Tests.Log;

/// <summary>A partition on a real directory, whose disk a test can hold up or break.</summary>
internal sealed class TestLog : IDisposable
{
    public static readonly LogSettings Large = new(1 << 20, TimeSpan.FromDays(7), null, null, 1 << 20);
    private readonly BrokerMetrics _metrics = new();
    private readonly LogFlusher _flusher;

    public TestLog(string directory, LogSettings? settings = null, int leaderEpoch = 0, ManualTime? time = null)
    {
        _flusher = new LogFlusher(_metrics);
        Environment = new LogEnvironment(
            Disk,
            _flusher,
            time ?? new ManualTime(holdsTimers: true),
            NullLogger.Instance,
            100
        );
        Log = new PartitionLog(Environment, directory, settings ?? Large, leaderEpoch);
    }

    public BreakableDisk Disk { get; } = new();

    public LogEnvironment Environment { get; }

    public PartitionLog Log { get; }

    /// <summary>Appends and waits until it is durable.</summary>
    public async Task<AppendResult> AppendAsync(byte[] batch)
    {
        var waiter = new Waiter();
        var result = Log.Append(batch, waiter, 0);
        if (result.Error != ErrorCode.None)
            return result;
        var error = await waiter.Durable;
        return error == ErrorCode.None ? result : new AppendResult(error, -1);
    }

    /// <summary>All durable batches from an offset on, as one piece.</summary>
    public byte[] Read(long offset, int maximumBytes = int.MaxValue)
    {
        Log.TryFind(offset, maximumBytes, atLeastOne: true, out var range).ShouldBe(ErrorCode.None);
        if (range.Bytes == 0)
            return [];
        var buffer = new byte[range.Bytes];
        return buffer[..range.Read(buffer)];
    }

    /// <summary>What a killed process leaves: files as they are, no checkpoint of the end.</summary>
    public void Dispose()
    {
        _flusher.Dispose();
        Log.Dispose();
        _metrics.Dispose();
    }

    public sealed class Waiter : IDurabilityWaiter
    {
        private readonly TaskCompletionSource<ErrorCode> _source = new(
            TaskCreationOptions.RunContinuationsAsynchronously
        );

        public Task<ErrorCode> Durable => _source.Task;

        public void OnDurable(int slot, ErrorCode error) => _source.SetResult(error);
    }

    public class BreakableDisk : Disk, IDisposable
    {
        private readonly ManualResetEventSlim _mayFlush = new(initialState: true);
        private volatile bool _held;
        private readonly ConditionalWeakTable<SafeFileHandle, string> _paths = [];

        /// <summary>Files that find the disk full.</summary>
        public Func<string, bool> IsFullFor { get; set; } = static _ => false;

        public bool FailsToFlush { get; set; }

        public bool FailsToWrite { get; set; }

        /// <summary>Whether batches that end a transaction find the disk full.</summary>
        public bool FailsToWriteMarkers { get; set; }

        /// <summary>The how many-th sync of a directory from now on fails; 0 for none.</summary>
        public int DirectoryFlushesUntilFailure { get; set; }

        /// <summary>For tests that change something many times over, and do not ask what a crash would leave.</summary>
        public bool SkipsFlushes { get; set; }

        /// <summary>Whether a sync began after <see cref="HoldFlushes"/>.</summary>
        public bool IsHeld => _held;

        public void HoldFlushes() => _mayFlush.Reset();

        public void ReleaseFlushes() => _mayFlush.Set();

        public override SafeFileHandle Open(string path, FileMode mode)
        {
            var file = base.Open(path, mode);
            _paths.AddOrUpdate(file, path);
            return file;
        }

        public override void Write(SafeFileHandle file, ReadOnlySpan<byte> bytes, long position)
        {
            if (FailsToWrite || (_paths.TryGetValue(file, out var path) && IsFullFor(path)))
            {
                base.Write(file, bytes[..(bytes.Length / 2)], position);
                throw new IOException("No space left on device");
            }
            if (FailsToWriteMarkers && IsMarker(bytes))
                throw new IOException("No space left on device");
            base.Write(file, bytes, position);
        }

        public override void Flush(SafeFileHandle file)
        {
            _held = !_mayFlush.IsSet;
            _mayFlush.Wait();
            if (FailsToFlush)
                throw new IOException("Input/output error");
            if (!SkipsFlushes)
                base.Flush(file);
        }

        public override void FlushDirectory(string path)
        {
            if (DirectoryFlushesUntilFailure > 0 && --DirectoryFlushesUntilFailure == 0)
                throw new IOException("Input/output error");
            base.FlushDirectory(path);
        }

        public void Dispose() => _mayFlush.Dispose();

        private static bool IsMarker(ReadOnlySpan<byte> bytes) =>
            bytes.Length >= BatchHeader.SizeBytes
            && BatchHeader.HasValidCrc(bytes)
            && TransactionMarker.IsCommit(new BatchHeader(bytes)) is not null;
    }
}
