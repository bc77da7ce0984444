using Microsoft.Win32.SafeHandles;
using Veltrix.Broker.Log;

namespace Veltrix.Broker.Tests.Log;

/// <summary>
/// A disk that may lose power: what was written since a file's last sync is then there in parts, or not at all, and of the
/// names that changed since their directory's last sync any may be what it was; only a file that was renamed has the one name
/// or the other. Reads and writes go to real files meanwhile.
/// </summary>
/// <param name="syncsFileSystem">Whether everything can be synced in one go.</param>
internal sealed class PowerLossDisk(bool syncsFileSystem = true) : Disk, IDisposable
{
    private const int SectorBytes = 512;
    private readonly Lock _gate = new();
    private readonly TemporaryDirectory _unnamed = new();
    private readonly Dictionary<SafeFileHandle, Content> _open = [];
    private readonly Dictionary<string, Content> _names = new(StringComparer.Ordinal);

    // Names that changed since their directory's last sync, and what they had then.
    private readonly Dictionary<string, Content?> _durable = new(StringComparer.Ordinal);
    private readonly Dictionary<string, string> _renamed = new(StringComparer.Ordinal);
    private readonly List<SafeFileHandle> _fileSystems = [];
    private int _buried;
    private long _changes;
    private long _operationsLeft = long.MaxValue;
    private (string Name, int Moves, int Operations)? _turnsOff;

    /// <summary>What is in a file, whatever its name.</summary>
    private sealed class Content(string path)
    {
        /// <summary>Where it can be found meanwhile; not where a power loss leaves it.</summary>
        public string Path { get; set; } = path;

        public List<Change> Unsynced { get; } = [];
    }

    /// <param name="Number">Of all changes in their order.</param>
    /// <param name="Position">Where the file was changed.</param>
    /// <param name="Before">What stood there, as far as the file reached.</param>
    /// <param name="Bytes">How much was changed.</param>
    /// <param name="LengthBefore">How long the file was.</param>
    private sealed record Change(long Number, long Position, byte[] Before, int Bytes, long LengthBefore);

    /// <summary>How often everything was synced in one go.</summary>
    public int FileSystemSyncs { get; private set; }

    /// <summary>How often files took the names of others, by the names that they took.</summary>
    public Dictionary<string, int> Moves { get; } = new(StringComparer.Ordinal);

    /// <summary>Files whose syncs do nothing: as if the broker had left them out.</summary>
    public Func<string, bool> LosesContent { get; init; } = static _ => false;

    /// <summary>Names that syncs of their directory leave as they are.</summary>
    public Func<string, bool> LosesName { get; init; } = static _ => false;

    /// <summary>Holders of the file system, in the order in which they opened it, whose syncs do nothing.</summary>
    public Func<int, bool> LosesFileSystem { get; init; } = static _ => false;

    /// <summary>After so many operations nothing reaches the disk any more.</summary>
    public void TurnOff(int operations = 0)
    {
        lock (_gate)
            _operationsLeft = operations;
    }

    /// <summary>After a file has taken such a name so many times, and so many operations, nothing reaches the disk any more.</summary>
    public void TurnOffAfter(string name, int moves, int operations)
    {
        lock (_gate)
            _turnsOff = (name, moves, operations);
    }

    /// <summary>What the machine finds when it is on again.</summary>
    public void LosePower(Random random)
    {
        lock (_gate)
        {
            foreach (var content in Contents())
                Undo(content, random);
            LoseNames(random);
            _names.Clear();
            _durable.Clear();
            _renamed.Clear();
            _open.Clear();
            _fileSystems.Clear();
            _operationsLeft = long.MaxValue;
            _turnsOff = null;
            foreach (var file in Directory.GetFiles(_unnamed.Path))
                File.Delete(file);
        }
    }

    public override SafeFileHandle Open(string path, FileMode mode)
    {
        lock (_gate)
        {
            CountOperation();
            if (Find(path) is { } content)
            {
                if (mode == FileMode.Create && new FileInfo(path).Length is > 0 and var length)
                    content.Unsynced.Add(new Change(_changes++, 0, File.ReadAllBytes(path), (int)length, length));
            }
            else
            {
                content = new Content(path);
                Bind(path, content);
            }
            var file = base.Open(path, mode);
            _open[file] = content;
            return file;
        }
    }

    public override void Write(SafeFileHandle file, ReadOnlySpan<byte> bytes, long position)
    {
        lock (_gate)
        {
            CountOperation();
            Remember(file, position, bytes.Length);
            base.Write(file, bytes, position);
        }
    }

    public override void SetLength(SafeFileHandle file, long bytes)
    {
        lock (_gate)
        {
            CountOperation();
            var length = RandomAccess.GetLength(file);
            if (bytes < length)
                Remember(file, bytes, (int)(length - bytes));
            base.SetLength(file, bytes);
        }
    }

    public override void Move(string from, string to)
    {
        lock (_gate)
        {
            CountOperation();
            var content = Find(from) ?? throw new FileNotFoundException("No such file", from);
            var replaced = Find(to);
            Bind(to, content);
            Bind(from, null);
            if (replaced is not null)
                Bury(replaced);
            base.Move(from, to);
            content.Path = to;
            _renamed[RootOf(from)] = RootOf(to);
            var kind = Path.GetExtension(to) is { Length: > 0 } extension ? extension : Path.GetFileName(to);
            Moves[kind] = Moves.GetValueOrDefault(kind) + 1;
            if (_turnsOff is { } off && to.EndsWith(off.Name, StringComparison.Ordinal))
            {
                _turnsOff = off with { Moves = off.Moves - 1 };
                if (off.Moves == 1)
                    _operationsLeft = Math.Min(_operationsLeft, off.Operations);
            }
        }
    }

    public override void Delete(string path)
    {
        lock (_gate)
        {
            CountOperation();
            if (Find(path) is not { } content)
                return;
            Bind(path, null);
            Bury(content);
        }
    }

    public override void Flush(SafeFileHandle file)
    {
        Content content;
        long end;
        lock (_gate)
        {
            CountOperation();
            content = _open[file];
            end = _changes;
            if (LosesContent(content.Path))
                return;
        }
        // Others write meanwhile; only what came before the sync is safe after it.
        Thread.Yield();
        lock (_gate)
        {
            CountOperation();
            content.Unsynced.RemoveAll(change => change.Number < end);
        }
    }

    public override void BeginFlush(SafeFileHandle file) { }

    public override SafeFileHandle? TryOpenDirectory(string path)
    {
        if (!syncsFileSystem || base.TryOpenDirectory(path) is not { } directory)
            return null;
        _fileSystems.Add(directory);
        return directory;
    }

    public override void FlushFileSystem(SafeFileHandle directory)
    {
        long end;
        lock (_gate)
        {
            CountOperation();
            FileSystemSyncs++;
            end = _changes;
            if (LosesFileSystem(_fileSystems.IndexOf(directory)))
                return;
        }
        Thread.Yield();
        lock (_gate)
        {
            CountOperation();
            foreach (var content in Contents())
                content.Unsynced.RemoveAll(change => change.Number < end);
            MakeDurable(static _ => true);
        }
    }

    public override void FlushDirectory(string path)
    {
        lock (_gate)
        {
            CountOperation();
            MakeDurable(name => Path.GetDirectoryName(name) == path && !LosesName(name));
        }
    }

    public void Dispose() => _unnamed.Dispose();

    private IEnumerable<Content> Contents() =>
        _names
            .Concat(
                _durable
                    .Where(pair => pair.Value is not null)
                    .Select(pair => KeyValuePair.Create(pair.Key, pair.Value!))
            )
            .OrderBy(pair => pair.Key, StringComparer.Ordinal)
            .Select(pair => pair.Value)
            .Distinct();

    private void MakeDurable(Func<string, bool> which)
    {
        foreach (var name in _durable.Keys.Where(which).ToList())
            _durable.Remove(name);
    }

    /// <summary>What has a name now; null when nothing has.</summary>
    private Content? Find(string path)
    {
        if (!File.Exists(path))
        {
            // Its directory may be gone, too, of which this disk knows nothing.
            _names.Remove(path);
            return null;
        }
        if (!_names.TryGetValue(path, out var content))
            _names[path] = content = new Content(path);
        return content;
    }

    private void Bind(string path, Content? content)
    {
        _durable.TryAdd(path, _names.GetValueOrDefault(path));
        if (content is null)
            _names.Remove(path);
        else
            _names[path] = content;
    }

    /// <summary>Without a name; kept as long as a power loss may give it one again.</summary>
    private void Bury(Content content)
    {
        if (!_durable.ContainsValue(content))
        {
            File.Delete(content.Path);
            return;
        }
        var grave = Path.Combine(_unnamed.Path, $"{_buried++}");
        File.Move(content.Path, grave);
        content.Path = grave;
    }

    /// <summary>One of all names between which files were renamed.</summary>
    private string RootOf(string name)
    {
        while (_renamed.TryGetValue(name, out var other) && other != name)
            name = other;
        return name;
    }

    private void LoseNames(Random random)
    {
        var left = new Dictionary<string, byte[]>(StringComparer.Ordinal);
        var keeps = _durable
            .Keys.Select(RootOf)
            .Distinct()
            .Order(StringComparer.Ordinal)
            .ToDictionary(root => root, _ => random.Next(2) == 0);
        foreach (var (name, durable) in _durable)
        {
            var content = keeps[RootOf(name)] ? _names.GetValueOrDefault(name) : durable;
            if (content is not null && File.Exists(content.Path))
                left[name] = File.ReadAllBytes(content.Path);
        }
        // Directories are what they were: this disk knows nothing of them.
        foreach (var name in _durable.Keys.Where(name => Directory.Exists(Path.GetDirectoryName(name))))
        {
            File.Delete(name);
            if (left.TryGetValue(name, out var bytes))
                File.WriteAllBytes(name, bytes);
        }
    }

    private void Remember(SafeFileHandle file, long position, int bytes)
    {
        var length = RandomAccess.GetLength(file);
        var before = new byte[Math.Clamp(length - position, 0, bytes)];
        RandomAccess.Read(file, before, position);
        _open[file].Unsynced.Add(new Change(_changes++, position, before, bytes, length));
    }

    /// <summary>Each sector that was written may be the old one, the new one, or garbage; the end may be any of those since.</summary>
    private static void Undo(Content content, Random random)
    {
        var changes = content.Unsynced;
        if (changes.Count == 0 || !File.Exists(content.Path))
            return;
        using var file = File.OpenHandle(content.Path, FileMode.Open, FileAccess.ReadWrite);
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

    private void CountOperation()
    {
        if (_operationsLeft <= 0)
            throw new IOException("The power is off.");
        _operationsLeft--;
    }
}
