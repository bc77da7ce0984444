namespace Veltrix.Configuration;

/// <summary>What a node tells the configuration service every second.</summary>
/// <param name="Node">Unique name of the node, for instance <c>processor-qwertyui</c>.</param>
/// <param name="Service">Name of its service, for instance <c>processor</c>.</param>
/// <param name="Version">Number of the configuration it runs on; null before its first.</param>
/// <param name="Hash">Hash of that configuration.</param>
/// <param name="StartedAt">When the process started, UTC.</param>
/// <param name="ReportedAt">When the report was made, UTC, by the node's clock.</param>
/// <param name="CpuCores">Processor time per second since the last report, in cores.</param>
/// <param name="WorkingSetBytes">Resident memory in bytes.</param>
/// <param name="EventsPerSecond">Events accepted (ingest) or handled (processor) per second since the last report.</param>
/// <param name="ErrorsPerSecond">Events refused or failed per second since the last report.</param>
/// <param name="LatencyP50Milliseconds">Median latency since the last report: of the answer (ingest), from event time to commit (processor); null without events.</param>
/// <param name="LatencyP99Milliseconds">The same, 99th percentile.</param>
/// <param name="Workers">Workers that run now (processor); null elsewhere.</param>
/// <param name="RefusedVersion">Number of a version that it was given and does not take; null for none, or for one that it cannot even read.</param>
/// <param name="Refusal">Why it does not take it, one line of at most <see cref="MaximumRefusalCharacters"/>; null when it takes all it was given.</param>
/// <param name="FileDescriptors">Files and sockets that its process has open; null where the system does not say.</param>
/// <param name="Latency">The latencies since the last report that the percentiles are of; null without events.</param>
/// <param name="Handling">How long the batches of the handled events took, from their beginning to their commit (processor), since the last report; null elsewhere and without events.</param>
/// <param name="Queue">How full its buffers were at their fullest since the last report; null where it has none.</param>
/// <param name="Errors">Errors since the last report by code, the most frequent first, at most <see cref="MaximumErrorCodes"/>.</param>
/// <param name="IsLeaving">Whether the node stops in good order and this is its last report: it is not called silent afterwards.</param>
/// <param name="HandledTypes">Event types, or prefixes that end in <c>.*</c>, that it has a handler for (processor); null elsewhere, and where they have more than <see cref="MaximumHandledCharacters"/>.</param>
public sealed record NodeReport(
    string Node,
    string Service,
    int? Version,
    string? Hash,
    DateTimeOffset StartedAt,
    DateTimeOffset ReportedAt,
    double CpuCores,
    long WorkingSetBytes,
    double EventsPerSecond,
    double ErrorsPerSecond,
    double? LatencyP50Milliseconds,
    double? LatencyP99Milliseconds,
    int? Workers,
    int? RefusedVersion = null,
    string? Refusal = null,
    int? FileDescriptors = null,
    LatencyHistogram? Latency = null,
    LatencyHistogram? Handling = null,
    QueueOccupancy? Queue = null,
    IReadOnlyList<ErrorCount>? Errors = null,
    bool IsLeaving = false,
    IReadOnlyList<string>? HandledTypes = null
)
{
    /// <summary>Longest reason for refusing a version, in characters.</summary>
    public const int MaximumRefusalCharacters = 2_000;

    /// <summary>Most codes that a report tells apart; rarer ones count in the rate of errors only.</summary>
    public const int MaximumErrorCodes = 32;

    /// <summary>Most characters of all handled types of a report; a node that has more of them leaves all out.</summary>
    public const int MaximumHandledCharacters = 4_096;

    /// <summary>The codes that a report names.</summary>
    public static IReadOnlyList<ErrorCount> MostFrequent(IEnumerable<KeyValuePair<string, long>> errors) =>
        [
            .. errors
                .Select(error => new ErrorCount(error.Key, error.Value))
                .OrderByDescending(error => error.Count)
                .ThenBy(error => error.Code, StringComparer.Ordinal)
                .Take(MaximumErrorCodes),
        ];
}
