using System.Buffers.Binary;
using System.Text;
using Microsoft.Win32.SafeHandles;

namespace Veltrix.Broker.Log;

/// <summary>
/// A small durable map: every change is appended to one file and shares the flusher's syncs with the partitions; when
/// the file is mostly history, it is replaced by one that holds the present only. Values are also kept in memory.
/// </summary>
/// <remarks>Frame: content length, CRC-32C of the content; content: key length, key in UTF-8, value (none: removed).</remarks>
internal sealed class KeyValueJournal : IFlushable, IDisposable
{
    private const int FrameHeaderBytes = 8;
    private const long LeastCompactionBytes = 4 * 1024 * 1024;
    private const int CompactionFactor = 4;

    private readonly Lock _gate = new();
    private readonly LogEnvironment _environment;
    private readonly string _path;
    private readonly Dictionary<string, byte[]> _values = new(StringComparer.Ordinal);
    private SafeFileHandle _file;
    private TaskCompletionSource<bool> _flushed = NewFlush();
    private long _bytes;
    private long _durableBytes;
    private long _presentBytes;
    private bool _failed;
    private bool _disposed;
    private int _flushRequested;

    // What the flusher's round under way is about; nobody else touches it.
    private Captured? _captured;

    private sealed record Captured(SafeFileHandle File, long Bytes, TaskCompletionSource<bool> Flushed);

    public KeyValueJournal(LogEnvironment environment, string path)
    {
        _environment = environment;
        _path = path;
        _file = OpenFile(path);
        Recover();
    }

    public ref int FlushRequested => ref _flushRequested;

    /// <summary>A copy of what the journal holds.</summary>
    public IReadOnlyList<KeyValuePair<string, byte[]>> Entries
    {
        get
        {
            lock (_gate)
                return [.. _values];
        }
    }

    /// <summary>Sets a key. The task says true once that is durable, false when it may never be.</summary>
    public Task<bool> Put(string key, byte[] value) => Write(key, value);

    public Task<bool> Remove(string key) => Write(key, []);

    public void Acknowledge()
    {
        TaskCompletionSource<bool> flushed;
        lock (_gate)
        {
            if (_failed || _disposed)
                return;
            (flushed, _flushed) = (_flushed, NewFlush());
        }
        flushed.SetResult(true);
    }

    public int Capture()
    {
        lock (_gate)
        {
            _captured = null;
            if (_failed || _disposed)
                return 0;
            _captured = new Captured(_file, _bytes, _flushed);
            _flushed = NewFlush();
            return _bytes == _durableBytes ? 0 : 1;
        }
    }

    public void BeginSync() { }

    public void Sync()
    {
        if (_captured is not { } captured)
            return;
        try
        {
            _environment.Disk.Flush(captured.File);
        }
        catch (ObjectDisposedException)
        {
            // Compaction has put another file in place meanwhile; that one was durable from its first byte.
        }
    }

    public void Confirm()
    {
        if (_captured is not { } captured)
            return;
        lock (_gate)
        {
            if (ReferenceEquals(captured.File, _file))
                _durableBytes = Math.Max(_durableBytes, captured.Bytes);
        }
        captured.Flushed.SetResult(true);
    }

    public void Fail(IOException error)
    {
        if (_captured is not { } captured)
            return;
        bool failed;
        lock (_gate)
            failed = _failed |= ReferenceEquals(captured.File, _file);
        captured.Flushed.SetResult(!failed);
    }

    public void Dispose()
    {
        lock (_gate)
        {
            if (_disposed)
                return;
            _disposed = true;
            try
            {
                if (!_failed)
                    _environment.Disk.Flush(_file);
            }
            catch (IOException)
            {
                _failed = true;
            }
            _flushed.SetResult(!_failed);
            _file.Dispose();
        }
    }

    private Task<bool> Write(string key, byte[] value)
    {
        lock (_gate)
        {
            if (_failed || _disposed)
                return Task.FromResult(false);
            var frame = Frame(key, value);
            try
            {
                _environment.Disk.Write(_file, frame, _bytes);
            }
            catch (IOException)
            {
                return Task.FromResult(false);
            }
            _bytes += frame.Length;
            Apply(key, value, frame.Length);
            if (_bytes > LeastCompactionBytes && _bytes > _presentBytes * CompactionFactor)
                Compact();
            _environment.Flusher.Request(this);
            return _flushed.Task;
        }
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
        using var content = new MemoryStream();
        foreach (var (key, value) in _values)
            content.Write(Frame(key, value));
        try
        {
            _environment.Disk.Replace(_path, content.GetBuffer().AsSpan(0, (int)content.Length));
        }
        catch (IOException)
        {
            // The long file stays in use and is as good, unless it has lost its name already.
            _failed = !File.Exists(Disk.TemporaryFor(_path));
            return;
        }
        _file.Dispose();
        _file = OpenFile(_path);
        _bytes = _durableBytes = _presentBytes = content.Length;
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

    private static byte[] Frame(string key, byte[] value)
    {
        var keyBytes = Encoding.UTF8.GetBytes(key);
        var frame = new byte[FrameBytes(key, value)];
        var content = frame.AsSpan(FrameHeaderBytes);
        BinaryPrimitives.WriteInt32BigEndian(content, keyBytes.Length);
        keyBytes.CopyTo(content[sizeof(int)..]);
        value.CopyTo(content[(sizeof(int) + keyBytes.Length)..]);
        BinaryPrimitives.WriteInt32BigEndian(frame, content.Length);
        BinaryPrimitives.WriteUInt32BigEndian(frame.AsSpan(4), BatchHeader.ComputeCrc(content));
        return frame;
    }

    private static int FrameBytes(string key, byte[] value) =>
        FrameHeaderBytes + sizeof(int) + Encoding.UTF8.GetByteCount(key) + value.Length;

    private SafeFileHandle OpenFile(string path) => _environment.Disk.Open(path, FileMode.OpenOrCreate);

    private static TaskCompletionSource<bool> NewFlush() => new(TaskCreationOptions.RunContinuationsAsynchronously);
}
