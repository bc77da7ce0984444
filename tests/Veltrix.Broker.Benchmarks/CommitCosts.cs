using System.Diagnostics;
using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace Veltrix.Broker.Benchmarks;

/// <summary>What it costs to make new bytes in many files durable: the numbers behind ADR 0014. Linux only.</summary>
internal sealed partial class CommitCosts : IDisposable
{
    private const int AppendBytes = 1200;
    private const int Rounds = 40;
    private const int Threads = 8;
    private static readonly int[] FileCounts = [1, 2, 4, 8, 16, 100, 1000];
    private readonly string _path;
    private readonly SafeFileHandle _directory;
    private readonly List<SafeFileHandle> _files = [];
    private readonly byte[] _bytes = new byte[AppendBytes];
    private long _position;

    public CommitCosts(string path)
    {
        _path = path;
        Directory.CreateDirectory(path);
        _directory = new SafeFileHandle(Open(path, 0), ownsHandle: true);
        for (var index = 0; index < FileCounts[^1]; index++)
            _files.Add(File.OpenHandle(Path.Combine(path, $"{index}"), FileMode.Create, FileAccess.Write));
    }

    public void Run()
    {
        foreach (var busy in (bool[])[false, true])
        {
            using var stop = new CancellationTokenSource();
            var writer = busy ? Task.Run(() => Write(stop.Token), CancellationToken.None) : Task.CompletedTask;
            foreach (var count in FileCounts)
            {
                var files = _files[..count];
                Row(busy, count, "fdatasync, one after the other", files, () => files.ForEach(Sync));
                if (count > 1)
                    Row(busy, count, $"fdatasync, {Threads} threads", files, () => InParallel(files));
                Row(busy, count, "syncfs", files, () => Check(SyncFileSystem(_directory)));
            }
            stop.Cancel();
            writer.GetAwaiter().GetResult();
        }
    }

    public void Dispose()
    {
        _files.ForEach(file => file.Dispose());
        _directory.Dispose();
    }

    private void Row(bool busy, int count, string name, List<SafeFileHandle> files, Action sync)
    {
        var latency = new LatencyHistogram();
        for (var round = 0; round < Rounds; round++)
        {
            // Time for the other program to write something.
            Thread.Sleep(5);
            foreach (var file in files)
                RandomAccess.Write(file, _bytes, _position);
            _position += AppendBytes;
            var started = Stopwatch.GetTimestamp();
            sync();
            latency.Record((long)Stopwatch.GetElapsedTime(started).TotalMicroseconds);
        }
        var title = $"{count} files of {AppendBytes} bytes{(busy ? ", another program writes" : "")}: {name}";
        Console.WriteLine($"| {title} | p50 {latency.Milliseconds(50):F2} ms, p90 {latency.Milliseconds(90):F2} ms |");
    }

    private static void InParallel(List<SafeFileHandle> files) =>
        Parallel.ForEach(files, new ParallelOptions { MaxDegreeOfParallelism = Threads }, Sync);

    private static void Sync(SafeFileHandle file) => Check(DataSync(file));

    /// <summary>200 MB/s to the same file system, as another program might.</summary>
    private void Write(CancellationToken stop)
    {
        using var file = File.OpenHandle(Path.Combine(_path, "other"), FileMode.Create, FileAccess.Write);
        var bytes = new byte[2_000_000];
        for (long position = 0; !stop.IsCancellationRequested; position = (position + bytes.Length) % 1_000_000_000)
        {
            RandomAccess.Write(file, bytes, position);
            Thread.Sleep(10);
        }
    }

    private static void Check(int result)
    {
        if (result != 0)
            throw new IOException($"A sync failed: {Marshal.GetLastPInvokeErrorMessage()}");
    }

    [LibraryImport("libc", EntryPoint = "fdatasync", SetLastError = true)]
    private static partial int DataSync(SafeFileHandle file);

    [LibraryImport("libc", EntryPoint = "syncfs", SetLastError = true)]
    private static partial int SyncFileSystem(SafeFileHandle file);

    [LibraryImport("libc", EntryPoint = "open", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int Open(string path, int flags);
}
