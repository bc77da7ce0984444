using Microsoft.Win32.SafeHandles;

namespace Veltrix.Broker.Log;

/// <summary>
/// The file system that holds the data, synced as a whole: one call, however many files are dirty (ADR 0014). Opened before
/// anything is written, because the system reports what went wrong since then.
/// </summary>
internal sealed class FileSystem : IDisposable
{
    private readonly Disk _disk;
    private readonly SafeFileHandle _directory;

    private FileSystem(Disk disk, SafeFileHandle directory) => (_disk, _directory) = (disk, directory);

    /// <summary>Null where there is no such call, or none that reports errors.</summary>
    public static FileSystem? TryOpen(Disk disk, string directory) =>
        disk.TryOpenDirectory(directory) is { } handle ? new FileSystem(disk, handle) : null;

    /// <summary>Makes everything durable that anybody has written to it before the call.</summary>
    /// <exception cref="IOException">Some of it may not be, and it is not known what.</exception>
    public void Sync() => _disk.FlushFileSystem(_directory);

    public void Dispose() => _directory.Dispose();
}
