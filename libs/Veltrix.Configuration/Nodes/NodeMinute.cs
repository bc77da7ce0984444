namespace Veltrix.Configuration;

/// <summary>What a node reported within one minute, added up.</summary>
/// <param name="Minute">The minute's beginning, UTC.</param>
/// <param name="Reports">Reports that came in.</param>
/// <param name="EventsPerSecond">Mean rate of events.</param>
/// <param name="ErrorsPerSecond">Mean rate of errors.</param>
/// <param name="CpuCores">Mean processor time in cores.</param>
/// <param name="WorkingSetBytes">Most resident memory in bytes.</param>
/// <param name="FileDescriptors">Most open files and sockets; null where the system does not say.</param>
/// <param name="LatencyP50Milliseconds">Median of all latencies of the minute, to 6.25 %; null without events.</param>
/// <param name="LatencyP99Milliseconds">The same, 99th percentile.</param>
/// <param name="HandlingP99Milliseconds">99th percentile of the handling times, to 6.25 %; null where nothing is handled.</param>
/// <param name="Queue">The fullest that the node's buffers were; null where it has none.</param>
/// <param name="Errors">Errors by code, the most frequent first, at most <see cref="NodeReport.MaximumErrorCodes"/>.</param>
/// <param name="Versions">The configurations that the node ran on, in ascending order.</param>
/// <param name="Latency">The latencies themselves; null without events.</param>
/// <param name="Handling">The handling times themselves; null without any.</param>
public sealed record NodeMinute(
    DateTimeOffset Minute,
    int Reports,
    double EventsPerSecond,
    double ErrorsPerSecond,
    double CpuCores,
    long WorkingSetBytes,
    int? FileDescriptors,
    double? LatencyP50Milliseconds,
    double? LatencyP99Milliseconds,
    double? HandlingP99Milliseconds,
    QueueOccupancy? Queue,
    IReadOnlyList<ErrorCount> Errors,
    IReadOnlyList<int> Versions,
    LatencyHistogram? Latency,
    LatencyHistogram? Handling
);
