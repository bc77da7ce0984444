namespace Veltrix.Broker.Log;

/// <summary>
/// Keeps what was written last in the operating system's page cache, where consumers near the end of a log read it, and
/// gives older pages back. New records then go to pages that are at hand; finding fresh ones can cost several times the
/// copy itself, above all in virtual machines (ADR 0015).
/// </summary>
/// <param name="disk">Gives the pages back.</param>
/// <param name="limitBytes">Kept of all logs together; 0 leaves the cache to the operating system.</param>
internal sealed class PageCache(Disk disk, long limitBytes)
{
    /// <summary>Less than this is not worth a system call.</summary>
    private const long LeastBytes = 256 * 1024;
    private const long PageBytes = 4096;

    private readonly Lock _gate = new();
    private readonly Queue<(Segment Segment, long Position, long Bytes)> _kept = new();
    private long _bytes;

    /// <summary>Takes note of what a segment has on stable storage by now: only such pages can be given back.</summary>
    public void Note(Segment segment, long syncedBytes)
    {
        if (limitBytes == 0 || syncedBytes - segment.NotedBytes < LeastBytes)
            return;
        lock (_gate)
        {
            var position = segment.NotedBytes;
            // The last page is still being filled.
            segment.NotedBytes = syncedBytes / PageBytes * PageBytes;
            _kept.Enqueue((segment, position, segment.NotedBytes - position));
            _bytes += segment.NotedBytes - position;
            while (_bytes > limitBytes)
            {
                var oldest = _kept.Dequeue();
                _bytes -= oldest.Bytes;
                oldest.Segment.Forget(disk, oldest.Position, oldest.Bytes);
            }
        }
    }
}
