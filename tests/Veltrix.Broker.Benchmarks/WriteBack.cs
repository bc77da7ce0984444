using System.Diagnostics;

namespace Veltrix.Broker.Benchmarks;

internal static class WriteBack
{
    /// <summary>
    /// Waits until the disk has what runs before left in the page cache: a broker that leaves it there must not have it
    /// paid for by the next one that syncs.
    /// </summary>
    public static void Finish()
    {
        using var sync = Process.Start("sync");
        sync.WaitForExit();
    }
}
