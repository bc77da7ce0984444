using Microsoft.Win32.SafeHandles;

namespace Veltrix.Broker.Log;

/// <summary>Durability <c>none</c>: what the operating system has taken counts as durable.</summary>
internal sealed class PageCacheDisk : Disk
{
    public override void Flush(SafeFileHandle file) { }

    public override void BeginFlush(SafeFileHandle file) { }

    public override SafeFileHandle? TryOpenDirectory(string path) => null;

    public override void FlushDirectory(string path) { }
}
