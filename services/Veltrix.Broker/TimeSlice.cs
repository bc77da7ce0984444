using System.Globalization;
using System.Runtime.InteropServices;

namespace Veltrix.Broker;

/// <summary>
/// How long the system lets a thread run before others have their turn. Whoever asks for less at a time is run sooner when it is
/// woken. Linux takes the wish from 6.12 on; elsewhere nothing happens.
/// </summary>
internal static partial class TimeSlice
{
    private const string Threads = "/proc/self/task";
    private const uint Other = 0;

    /// <summary>sched_attr of Linux, in its first version.</summary>
    [StructLayout(LayoutKind.Sequential)]
    private struct Attributes
    {
        public uint SizeBytes;
        public uint Policy;
        public ulong Flags;
        public int Nice;
        public uint Priority;
        public ulong RuntimeNanoseconds;
        public ulong DeadlineNanoseconds;
        public ulong PeriodNanoseconds;
    }

    /// <summary>For all threads that there are. Those that come take it over from the ones that begin them.</summary>
    /// <param name="microseconds">What is asked for; the system rounds it up to its least. 0 leaves everything as it is.</param>
    public static void Set(int microseconds)
    {
        if (microseconds == 0 || Numbers is not { } numbers || !Directory.Exists(Threads))
            return;
        foreach (var directory in Directory.EnumerateDirectories(Threads))
        {
            var thread = int.Parse(Path.GetFileName(directory), CultureInfo.InvariantCulture);
            // A wish: a thread that has ended meanwhile needs none, and what the system does not know it leaves alone.
            if (TryGet(thread, out var attributes) && attributes.Policy == Other)
            {
                attributes.RuntimeNanoseconds = (ulong)microseconds * 1000;
                _ = Call(numbers.Set, thread, ref attributes, 0, 0);
            }
        }
    }

    /// <summary>What a thread has, in microseconds; 0 where the system does not say.</summary>
    /// <param name="thread">The system's number of it, of any process; 0 is the one that calls.</param>
    public static int Of(int thread) =>
        TryGet(thread, out var attributes) ? (int)(attributes.RuntimeNanoseconds / 1000) : 0;

    /// <summary>The system calls, which the C library has no names for.</summary>
    private static (nint Set, nint Get)? Numbers =>
        !OperatingSystem.IsLinux()
            ? null
            : RuntimeInformation.ProcessArchitecture switch
            {
                Architecture.X64 => (314, 315),
                Architecture.Arm64 => (274, 275),
                _ => null,
            };

    private static bool TryGet(int thread, out Attributes attributes)
    {
        var sizeBytes = (uint)Marshal.SizeOf<Attributes>();
        attributes = new Attributes { SizeBytes = sizeBytes };
        return Numbers is { } numbers && Call(numbers.Get, thread, ref attributes, sizeBytes, 0) == 0;
    }

    /// <summary>sched_setattr(thread, attributes, flags) or sched_getattr(thread, attributes, size, flags).</summary>
    [LibraryImport("libc", EntryPoint = "syscall")]
    private static partial nint Call(nint number, int thread, ref Attributes attributes, uint size, uint flags);
}
