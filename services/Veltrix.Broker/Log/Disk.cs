using System.ComponentModel;
using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace Veltrix.Broker.Log;

/// <summary>The few writes that durability hangs on, in one place, so that a test can let each of them fail.</summary>
internal partial class Disk
{
    private const uint SyncFileRangeWrite = 2;
    private const int AdviceNotNeeded = 4;

    public virtual SafeFileHandle Open(string path, FileMode mode) =>
        File.OpenHandle(path, mode, FileAccess.ReadWrite, FileShare.ReadWrite | FileShare.Delete);

    public virtual void Write(SafeFileHandle file, ReadOnlySpan<byte> bytes, long position) =>
        RandomAccess.Write(file, bytes, position);

    public virtual void SetLength(SafeFileHandle file, long bytes) => RandomAccess.SetLength(file, bytes);

    /// <summary>Returns when the file's content is on stable storage.</summary>
    /// <exception cref="IOException">It may not be; what is in the page cache can no longer be trusted.</exception>
    public virtual void Flush(SafeFileHandle file)
    {
        if (!OperatingSystem.IsLinux())
        {
            RandomAccess.FlushToDisk(file);
            return;
        }
        // fdatasync leaves out the timestamps, which nobody reads; the new length it does write.
        if (DataSync(file) != 0)
            throw new IOException($"fdatasync failed: {new Win32Exception(Marshal.GetLastPInvokeError()).Message}");
    }

    /// <summary>Makes created, renamed and deleted names in a directory durable.</summary>
    public virtual void FlushDirectory(string path)
    {
        if (!OperatingSystem.IsLinux())
            return;
        var descriptor = Open(path, flags: 0);
        if (descriptor < 0)
            throw new IOException($"Cannot open the directory {path}.");
        using var directory = new SafeFileHandle(descriptor, ownsHandle: true);
        if (Sync(directory) != 0)
            throw new IOException($"fsync of the directory {path} failed.");
    }

    /// <summary>Begins to write a file's content out and does not wait: syncs of several files then overlap.</summary>
    public virtual void BeginFlush(SafeFileHandle file)
    {
        // Only a hint: what it misses, the sync itself does.
        if (OperatingSystem.IsLinux())
            _ = SyncFileRange(file, 0, 0, SyncFileRangeWrite);
    }

    /// <summary>Gives back the pages in memory that hold a part of a file; those that are not on disk yet stay.</summary>
    public virtual void Forget(SafeFileHandle file, long position, long bytes)
    {
        // Only a hint: what is not given back stays until the system needs the memory.
        if (OperatingSystem.IsLinux())
            _ = Advise(file, position, bytes, AdviceNotNeeded);
    }

    /// <summary>Opens a directory for <see cref="FlushFileSystem"/>; null where there is no such thing.</summary>
    public virtual SafeFileHandle? TryOpenDirectory(string path)
    {
        // Before Linux 5.8 syncfs hid the errors of the disk.
        if (!OperatingSystem.IsLinux() || Environment.OSVersion.Version < new Version(5, 8))
            return null;
        var descriptor = Open(path, flags: 0);
        return descriptor < 0 ? null : new SafeFileHandle(descriptor, ownsHandle: true);
    }

    /// <summary>Returns when everything is on stable storage that was written to the directory's file system, by whomever.</summary>
    /// <exception cref="IOException">Some of it may not be, and it is not known what.</exception>
    public virtual void FlushFileSystem(SafeFileHandle directory)
    {
        if (SyncFileSystem(directory) != 0)
            throw new IOException($"syncfs failed: {new Win32Exception(Marshal.GetLastPInvokeError()).Message}");
    }

    /// <summary>Gives a file another name, in place of the file that has it.</summary>
    public virtual void Move(string from, string to) => File.Move(from, to, overwrite: true);

    /// <summary>Removes a file, if it is there.</summary>
    public virtual void Delete(string path) => File.Delete(path);

    /// <summary>Replaces a small file as a whole: after a crash it is the old one or the new one.</summary>
    public void Replace(string path, ReadOnlySpan<byte> content)
    {
        Draft(path, content, isSynced: true);
        PutInPlace(path);
        FlushDirectory(Path.GetDirectoryName(path)!);
    }

    /// <summary>Writes a file's new content beside it. A disk that has no room for all of it keeps nothing of it.</summary>
    public void Draft(string path, ReadOnlySpan<byte> content, bool isSynced)
    {
        try
        {
            using var file = Open(DraftOf(path), FileMode.Create);
            Write(file, content, 0);
            if (isSynced)
                Flush(file);
        }
        catch (IOException)
        {
            Discard(path);
            throw;
        }
    }

    /// <summary>The draft takes the file's name.</summary>
    public void PutInPlace(string path) => Move(DraftOf(path), path);

    /// <summary>Removes a draft that is not wanted any more.</summary>
    public void Discard(string path)
    {
        try
        {
            Delete(DraftOf(path));
        }
        catch (IOException)
        {
            // The next draft takes its place.
        }
    }

    private static string DraftOf(string path) => path + ".new";

    [LibraryImport("libc", EntryPoint = "fdatasync", SetLastError = true)]
    private static partial int DataSync(SafeFileHandle file);

    [LibraryImport("libc", EntryPoint = "fsync", SetLastError = true)]
    private static partial int Sync(SafeFileHandle file);

    [LibraryImport("libc", EntryPoint = "syncfs", SetLastError = true)]
    private static partial int SyncFileSystem(SafeFileHandle file);

    [LibraryImport("libc", EntryPoint = "sync_file_range", SetLastError = true)]
    private static partial int SyncFileRange(SafeFileHandle file, long offset, long count, uint flags);

    [LibraryImport("libc", EntryPoint = "posix_fadvise")]
    private static partial int Advise(SafeFileHandle file, long offset, long count, int advice);

    [LibraryImport("libc", EntryPoint = "open", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int Open(string path, int flags);
}
