namespace Veltrix.Config.Nodes;

/// <summary>The last reports of one node as they came in, bounded in number and in bytes. Not thread-safe.</summary>
internal sealed class ReportRing
{
    /// <summary>Five minutes of a node that reports every second.</summary>
    public const int MaximumReports = 300;

    /// <summary>Of one node.</summary>
    public const int MaximumBytes = 256 * 1024;

    /// <summary>Of all nodes together; with more than 256 nodes each has a share of it instead of <see cref="MaximumBytes"/>.</summary>
    public const long MaximumTotalBytes = 64 * 1024 * 1024;

    private readonly Queue<KeptReport> _reports = new();
    private int _bytes;

    /// <summary>Bytes of what is kept.</summary>
    public int Bytes => _bytes;

    /// <summary>Adds a report.</summary>
    /// <param name="report">The report.</param>
    /// <param name="nodes">How many nodes share the memory.</param>
    public void Add(KeptReport report, int nodes)
    {
        _reports.Enqueue(report);
        _bytes += report.Json.Length;
        Trim(nodes);
    }

    /// <summary>Lets go of the oldest as long as there are too many; one is always kept.</summary>
    public void Trim(int nodes)
    {
        var most = Math.Min(MaximumBytes, MaximumTotalBytes / Math.Max(1, nodes));
        while (_reports.Count > 1 && (_reports.Count > MaximumReports || _bytes > most))
            _bytes -= _reports.Dequeue().Json.Length;
    }

    /// <summary>The newest first, those before a moment.</summary>
    public IReadOnlyList<KeptReport> Newest(DateTimeOffset before, int limit) =>
        [.. _reports.Reverse().Where(report => report.ReceivedAt < before).Take(limit)];
}
