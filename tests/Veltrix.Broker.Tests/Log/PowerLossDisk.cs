using Microsoft.Win32.SafeHandles;
using Veltrix.Broker.Log;

namespace Veltrix.Broker.Tests.Log;

/// <summary>
/// A disk that may lose power: what was written since a file's last sync is then there in parts, or not at all, and a new
/// file whose directory was not synced may be gone. Reads and writes go to real files meanwhile.
/// </summary>
internal sealed class PowerLossDisk : Disk
{
    private const int SectorBytes = 512;
    private readonly Lock _gate = new();
    private readonly Dictionary<SafeFileHandle, string> _paths = [];
    private readonly Dictionary<string, List<Change>> _unsynced = new(StringComparer.Ordinal);
    private readonly HashSet<string> _unsyncedNames = new(StringComparer.Ordinal);
    private bool _off;

    /// <param name="Position">Where the file was changed.</param>
    /// <param name="Before">What stood there, as far as the file reached.</param>
    /// <param name="LengthBefore">How long the file was.</param>
    private sealed record Change(long Position, byte[] Before, int Bytes, long LengthBefore);

    /// <summary>How often everything was synced in one go.</summary>
    public int FileSystemSyncs { get; private set; }

    /// <summary>From now on nothing reaches the disk.</summary>
    public void TurnOff()
    {
        lock (_gate)
            _off = true;
    }

    /// <summary>What the machine finds when it is on again.</summary>
    public void LosePower(Random random)
    {
        lock (_gate)
        {
            foreach (var (path, changes) in _unsynced.OrderBy(pair => pair.Key, StringComparer.Ordinal))
            {
                if (changes.Count > 0 && File.Exists(path))
                    Undo(path, changes, random);
            }
            foreach (var name in _unsyncedNames.Order(StringComparer.Ordinal))
            {
                if (random.Next(2) == 0)
                    File.Delete(name);
            }
            _unsynced.Clear();
            _unsyncedNames.Clear();
            _paths.Clear();
            _off = false;
        }
    }

    public override SafeFileHandle Open(string path, FileMode mode)
    {
        lock (_gate)
        {
            ThrowIfOff();
            var isNew = !File.Exists(path) || mode == FileMode.Create;
            var file = base.Open(path, mode);
            _paths[file] = path;
            if (isNew)
                _unsyncedNames.Add(path);
            if (isNew || !_unsynced.ContainsKey(path))
                _unsynced[path] = [];
            return file;
        }
    }

    public override void Write(SafeFileHandle file, ReadOnlySpan<byte> bytes, long position)
    {
        lock (_gate)
        {
            ThrowIfOff();
            Remember(file, position, bytes.Length);
            base.Write(file, bytes, position);
        }
    }

    public override void SetLength(SafeFileHandle file, long bytes)
    {
        lock (_gate)
        {
            ThrowIfOff();
            var length = RandomAccess.GetLength(file);
            if (bytes < length)
                Remember(file, bytes, (int)(length - bytes));
            base.SetLength(file, bytes);
        }
    }

    public override void Flush(SafeFileHandle file)
    {
        List<Change> changes;
        int count;
        lock (_gate)
        {
            ThrowIfOff();
            changes = _unsynced[_paths[file]];
            count = changes.Count;
        }
        // Others write meanwhile; only what came before the sync is safe after it.
        Thread.Yield();
        lock (_gate)
        {
            ThrowIfOff();
            changes.RemoveRange(0, Math.Min(count, changes.Count));
        }
    }

    public override void BeginFlush(SafeFileHandle file) { }

    public override void FlushFileSystem(SafeFileHandle directory)
    {
        List<(List<Change> Changes, int Count)> before;
        List<string> names;
        lock (_gate)
        {
            ThrowIfOff();
            before = [.. _unsynced.Values.Select(changes => (changes, changes.Count))];
            names = [.. _unsyncedNames];
        }
        Thread.Yield();
        lock (_gate)
        {
            ThrowIfOff();
            FileSystemSyncs++;
            foreach (var (changes, count) in before)
                changes.RemoveRange(0, Math.Min(count, changes.Count));
            _unsyncedNames.ExceptWith(names);
        }
    }

    public override void FlushDirectory(string path)
    {
        lock (_gate)
        {
            ThrowIfOff();
            _unsyncedNames.RemoveWhere(name => Path.GetDirectoryName(name) == path);
        }
    }

    private void Remember(SafeFileHandle file, long position, int bytes)
    {
        var length = RandomAccess.GetLength(file);
        var before = new byte[Math.Clamp(length - position, 0, bytes)];
        RandomAccess.Read(file, before, position);
        _unsynced[_paths[file]].Add(new Change(position, before, bytes, length));
    }

    /// <summary>Each sector that was written may be the old one, the new one, or garbage; the end may be any of those since.</summary>
    private static void Undo(string path, List<Change> changes, Random random)
    {
        using var file = File.OpenHandle(path, FileMode.Open, FileAccess.ReadWrite);
        var longest = RandomAccess.GetLength(file);
        var shortest = changes.Min(change => change.LengthBefore);
        var keep = random.Next(3);
        if (keep == 0)
            return;
        for (var index = changes.Count - 1; index >= 0; index--)
        {
            var change = changes[index];
            var sector = new byte[SectorBytes];
            for (var start = 0; start < change.Bytes; start += SectorBytes)
            {
                var bytes = Math.Min(SectorBytes, change.Bytes - start);
                if (keep == 2 && random.Next(2) == 0)
                    continue;
                Array.Clear(sector);
                if (start < change.Before.Length)
                    change.Before.AsSpan(start, Math.Min(bytes, change.Before.Length - start)).CopyTo(sector);
                else if (random.Next(4) == 0)
                    random.NextBytes(sector);
                RandomAccess.Write(file, sector.AsSpan(0, bytes), change.Position + start);
            }
        }
        RandomAccess.SetLength(file, keep == 1 ? shortest : random.NextInt64(Math.Min(shortest, longest), longest + 1));
    }

    private void ThrowIfOff()
    {
        if (_off)
            throw new IOException("The power is off.");
    }
}
