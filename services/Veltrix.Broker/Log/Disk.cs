using System.ComponentModel;
using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace Veltrix.Broker.Log;

/// <summary>The few writes that durability hangs on, in one place, so that a test can let each of them fail.</summary>
internal partial class Disk
{
    public virtual void Write(SafeFileHandle file, ReadOnlySpan<byte> bytes, long position) =>
        RandomAccess.Write(file, bytes, position);

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

    /// <summary>Replaces a small file as a whole: after a crash it is the old one or the new one.</summary>
    public void Replace(string path, ReadOnlySpan<byte> content)
    {
        var temporary = path + ".new";
        using (var file = File.OpenHandle(temporary, FileMode.Create, FileAccess.Write))
        {
            Write(file, content, 0);
            Flush(file);
        }
        File.Move(temporary, path, overwrite: true);
        FlushDirectory(Path.GetDirectoryName(path)!);
    }

    [LibraryImport("libc", EntryPoint = "fdatasync", SetLastError = true)]
    private static partial int DataSync(SafeFileHandle file);

    [LibraryImport("libc", EntryPoint = "fsync", SetLastError = true)]
    private static partial int Sync(SafeFileHandle file);

    [LibraryImport("libc", EntryPoint = "open", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int Open(string path, int flags);
}
