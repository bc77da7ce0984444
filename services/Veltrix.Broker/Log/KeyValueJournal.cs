using System.Buffers.Binary;
using System.Text;
using Microsoft.Win32.SafeHandles;

namespace Veltrix.Broker.Log;

/// <summary>
/// A small durable map: every change is appended to one file and shares the flusher's syncs with the partitions; when
/// the file is mostly history, it is replaced by one that holds the present only. Values are also kept in memory.
/// </summary>
/// <remarks>Frame: content length, CRC-32C of the content; content: key length, key in UTF-8, value (none: removed).</remarks>
internal sealed partial class KeyValueJournal : IFlushable, IDisposable
{
    private const int FrameHeaderBytes = 8;
    private const long LeastCompactionBytes = 4 * 1024 * 1024;
    private const int CompactionFactor = 4;

    private readonly Lock _gate = new();
    private readonly LogEnvironment _environment;
    private readonly string _path;
    private readonly Dictionary<string, byte[]> _values = new(StringComparer.Ordinal);
    private SafeFileHandle _file;
    private Waiters _waiters = new();
    private long _bytes;
    private long _durableBytes;
    private long _presentBytes;
    private long _compactionBytes = LeastCompactionBytes;
    private bool _failed;
    private bool _disposed;
    private int _flushRequested;

    // What the flusher's round under way is about; nobody else touches it.
    private Captured? _captured;

    private sealed record Captured(SafeFileHandle File, long Bytes, Waiters Waiters);

    /// <summary>Who waits for one round of the flusher.</summary>
    private sealed class Waiters
    {
        private readonly TaskCompletionSource<bool> _settled = new(TaskCreationOptions.RunContinuationsAsynchronously);
        private readonly List<Action<bool>> _actions = [];

        public Task<bool> Settled => _settled.Task;

        public void Add(JournalChange change)
        {
            if (change.Settled is not null)
                _actions.Add(change.Settled);
        }

        public void Settle(bool isDurable)
        {
            foreach (var action in _actions)
                action(isDurable);
            _settled.SetResult(isDurable);
        }
    }

    public KeyValueJournal(LogEnvironment environment, string path)
    {
        _environment = environment;
        _path = path;
        _file = OpenFile(path);
        Recover();
    }

    public ref int FlushRequested => ref _flushRequested;

    /// <summary>Whether the disk failed: nothing is taken any more until the broker starts again.</summary>
    public bool IsFailed => Volatile.Read(ref _failed);

    /// <summary>A copy of what the journal holds, durable or about to be.</summary>
    public IReadOnlyList<KeyValuePair<string, byte[]>> Entries
    {
        get
        {
            lock (_gate)
                return [.. _values];
        }
    }

    /// <summary>Sets a key. The task says true once that is durable, false when it may never be.</summary>
    public Task<bool> Put(string key, byte[] value, Action<bool>? settled = null) =>
        Write([new JournalChange(key, value, settled)]);

    public Task<bool> Remove(string key) => Write([JournalChange.Removal(key)]);

    /// <summary>Makes changes, all of them or, on a full disk, none. After a crash the first of them may be there without the others.</summary>
    /// <returns>True once all are durable, false when they may never be.</returns>
    public Task<bool> Write(params ReadOnlySpan<JournalChange> changes)
    {
        if (TryWrite(changes, out var settled))
            return settled;
        foreach (var change in changes)
            change.Settled?.Invoke(false);
        return settled;
    }

    public void Acknowledge()
    {
        Waiters waiters;
        lock (_gate)
            (waiters, _waiters) = (_waiters, new Waiters());
        waiters.Settle(!IsFailed);
    }

    public int Capture()
    {
        lock (_gate)
        {
            _captured = new Captured(_file, _bytes, _waiters);
            _waiters = new Waiters();
            return _bytes == _durableBytes ? 0 : 1;
        }
    }

    public void BeginSync() { }

    public void Sync()
    {
        try
        {
            _environment.Disk.Flush(_captured!.File);
        }
        catch (ObjectDisposedException)
        {
            // Compaction has put another file in place meanwhile; that one was durable from its first byte.
        }
    }

    public void Confirm()
    {
        bool isDurable;
        lock (_gate)
        {
            isDurable = !_failed;
            if (ReferenceEquals(_captured!.File, _file))
                _durableBytes = Math.Max(_durableBytes, _captured.Bytes);
        }
        _captured.Waiters.Settle(isDurable);
    }

    public void Fail(IOException error)
    {
        lock (_gate)
        {
            // Else what was captured is in the file that compaction has put in place.
            if (ReferenceEquals(_captured!.File, _file))
                Stop(error);
        }
        // Whoever came during the round hears of it by the next one.
        Confirm();
    }

    public void Dispose()
    {
        lock (_gate)
        {
            if (_disposed)
                return;
            _disposed = true;
        }
        // What was taken becomes durable. The flusher does that: it may have a sync of the same file under way.
        if (!_environment.Flusher.Sync([this]))
            _waiters.Settle(false);
        _file.Dispose();
    }

    private bool TryWrite(ReadOnlySpan<JournalChange> changes, out Task<bool> settled)
    {
        settled = Task.FromResult(false);
        lock (_gate)
        {
            if (_failed || _disposed || !TryAppend(Frames(changes)))
                return false;
            foreach (var change in changes)
            {
                Apply(change.Key, change.Value, FrameBytes(change.Key, change.Value));
                _waiters.Add(change);
            }
            if (_bytes > _compactionBytes && _bytes > _presentBytes * CompactionFactor)
                Compact();
            _environment.Flusher.Request(this);
            settled = _waiters.Settled;
            return true;
        }
    }

    private bool TryAppend(ReadOnlySpan<byte> frames)
    {
        try
        {
            _environment.Disk.Write(_file, frames, _bytes);
            _bytes += frames.Length;
            return true;
        }
        catch (IOException error)
        {
            Log.NotWritten(_environment.Logger, error, _path);
            CutTail();
            return false;
        }
    }

    /// <summary>A whole change that a full disk let through before it refused the next must not be found by a start.</summary>
    private void CutTail()
    {
        try
        {
            _environment.Disk.SetLength(_file, _bytes);
        }
        catch (IOException error)
        {
            Stop(error);
        }
    }

    private void Stop(IOException error)
    {
        if (IsFailed)
            return;
        Volatile.Write(ref _failed, true);
        Log.Failed(_environment.Logger, error, _path);
    }

    private void Apply(string key, byte[] value, int frameBytes)
    {
        if (_values.TryGetValue(key, out var before))
            _presentBytes -= FrameBytes(key, before);
        if (value.Length == 0)
        {
            _values.Remove(key);
            return;
        }
        _values[key] = value;
        _presentBytes += frameBytes;
    }

    private void Compact()
    {
        var content = Frames([.. _values.Select(pair => new JournalChange(pair.Key, pair.Value))]);
        var disk = _environment.Disk;
        try
        {
            disk.Draft(_path, content, isSynced: true);
        }
        catch (IOException error)
        {
            // The long file stays in use and is as good. Not tried with every change, on a disk that is full.
            Log.NotCompacted(_environment.Logger, error, _path);
            _compactionBytes = _bytes + LeastCompactionBytes;
            return;
        }
        try
        {
            disk.PutInPlace(_path);
            disk.FlushDirectory(Path.GetDirectoryName(_path)!);
        }
        catch (IOException error)
        {
            // Which of the two has the name after a crash, nobody can say.
            Stop(error);
            return;
        }
        _file.Dispose();
        _file = OpenFile(_path);
        _bytes = _durableBytes = _presentBytes = content.Length;
        _compactionBytes = LeastCompactionBytes;
    }

    private void Recover()
    {
        var content = File.ReadAllBytes(_path);
        var position = 0;
        while (content.Length - position >= FrameHeaderBytes)
        {
            var length = BinaryPrimitives.ReadInt32BigEndian(content.AsSpan(position));
            if (length < sizeof(int) || length > content.Length - position - FrameHeaderBytes)
                break;
            var crc = BinaryPrimitives.ReadUInt32BigEndian(content.AsSpan(position + 4));
            var frame = content.AsSpan(position + FrameHeaderBytes, length);
            if (BatchHeader.ComputeCrc(frame) != crc)
                break;
            var keyLength = BinaryPrimitives.ReadInt32BigEndian(frame);
            var key = Encoding.UTF8.GetString(frame.Slice(sizeof(int), keyLength));
            Apply(key, frame[(sizeof(int) + keyLength)..].ToArray(), length + FrameHeaderBytes);
            position += length + FrameHeaderBytes;
        }
        _environment.Disk.SetLength(_file, position);
        _environment.Disk.Flush(_file);
        _environment.Disk.FlushDirectory(Path.GetDirectoryName(_path)!);
        _bytes = _durableBytes = position;
    }

    private static byte[] Frames(ReadOnlySpan<JournalChange> changes)
    {
        var total = 0;
        foreach (var change in changes)
            total += FrameBytes(change.Key, change.Value);
        var frames = new byte[total];
        var left = frames.AsSpan();
        foreach (var change in changes)
        {
            var bytes = FrameBytes(change.Key, change.Value);
            WriteFrame(left[..bytes], change);
            left = left[bytes..];
        }
        return frames;
    }

    private static void WriteFrame(Span<byte> frame, JournalChange change)
    {
        var content = frame[FrameHeaderBytes..];
        var keyBytes = Encoding.UTF8.GetBytes(change.Key, content[sizeof(int)..]);
        BinaryPrimitives.WriteInt32BigEndian(content, keyBytes);
        change.Value.CopyTo(content[(sizeof(int) + keyBytes)..]);
        BinaryPrimitives.WriteInt32BigEndian(frame, content.Length);
        BinaryPrimitives.WriteUInt32BigEndian(frame[4..], BatchHeader.ComputeCrc(content));
    }

    private static int FrameBytes(string key, byte[] value) =>
        FrameHeaderBytes + sizeof(int) + Encoding.UTF8.GetByteCount(key) + value.Length;

    private SafeFileHandle OpenFile(string path) => _environment.Disk.Open(path, FileMode.OpenOrCreate);

    private static partial class Log
    {
        [LoggerMessage(
            LogLevel.Critical,
            "Syncing {Journal} failed: what was written may not be on disk, so it takes nothing more until the broker starts again"
        )]
        public static partial void Failed(ILogger logger, Exception error, string journal);

        [LoggerMessage(LogLevel.Error, "Writing to {Journal} failed; the client is told, nothing was acknowledged")]
        public static partial void NotWritten(ILogger logger, Exception error, string journal);

        [LoggerMessage(LogLevel.Warning, "{Journal} could not be written anew; it goes on growing, and is tried again")]
        public static partial void NotCompacted(ILogger logger, Exception error, string journal);
    }
}
