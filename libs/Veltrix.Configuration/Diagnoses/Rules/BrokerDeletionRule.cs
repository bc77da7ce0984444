using static Veltrix.Configuration.Figures;

namespace Veltrix.Configuration.Diagnoses.Rules;

/// <summary>The document gives a topic its retention; the broker can have other reasons to delete, and no fix of the document alters them.</summary>
internal sealed class BrokerDeletionRule() : Rule("DOC-114", "A topic's own settings delete its records")
{
    public override IEnumerable<Finding> Examine(Examination subject)
    {
        foreach (var (path, topic) in subject.Topics())
        {
            if (subject.Actual(topic) is not { } actual)
                continue;
            if (actual.CleanupPolicy.Contains("compact", StringComparison.Ordinal))
                yield return Compacted(subject, path, actual);
            if (BySize(subject, path, actual) is { } bySize)
                yield return bySize;
            if (ByAge(subject, path, topic, actual) is { } byAge)
                yield return byAge;
        }
    }

    private Finding Compacted(Examination subject, string path, TopicTopology topic) =>
        Report(
            Severity.Error,
            subject,
            path,
            $"cleanup.policy={topic.CleanupPolicy}: of all records with one key the broker keeps 1, the last.",
            $"While processors stop for {Seconds(subject.Capacity.OutageSeconds)}, all events of {topic.Name} but the last of each key are deleted unhandled.",
            fix: null
        );

    private Finding? BySize(Examination subject, string path, TopicTopology topic)
    {
        if (topic.RetentionBytes < 0)
            return null;
        var model = subject.Capacity;
        var bytes = (double)topic.RetentionBytes * topic.Partitions;
        var kept = bytes / (subject.Traffic.EventsPerSecond * model.RecordBytes);
        if (kept >= 2 * model.LongestWaitSeconds)
            return null;
        // Which share of the traffic a topic has is only known where there is one.
        var isCertain = kept < model.LongestWaitSeconds && subject.RoutedTopics().Count() == 1;
        return Report(
            isCertain ? Severity.Error : Severity.Warning,
            subject,
            path,
            $"retention.bytes={topic.RetentionBytes} x {Of(topic.Partitions)} partitions / ({Of(subject.Traffic.EventsPerSecond)} events/s x "
                + $"{Of(model.RecordBytes)} bytes) = {Seconds(kept)} of the whole traffic; events may wait {Seconds(model.LongestWaitSeconds)}.",
            $"If most of the traffic is in {topic.Name}, accepted events are deleted unhandled.",
            fix: null
        );
    }

    // Ingest gives topics the retention of each version: one that differs from the version in force was refused.
    private Finding? ByAge(Examination subject, string path, TopicConfiguration topic, TopicTopology actual)
    {
        var wanted = topic.RetentionHours * 3_600_000L;
        var isInForce =
            subject
                .Previous?.TopicsOn(ClusterConfiguration.Served)
                .Any(before => before.Name == topic.Name && before.RetentionHours == topic.RetentionHours) == true;
        if (!isInForce || actual.RetentionMilliseconds is not { } kept || kept < 0 || kept >= wanted)
            return null;
        var needed = subject.Capacity.LongestWaitSeconds;
        return Report(
            kept / 1_000.0 < needed ? Severity.Error : Severity.Warning,
            subject,
            $"{path}.retentionHours",
            $"retention.ms={kept}, {Seconds(kept / 1_000.0)}; the version in force asks for {Seconds(wanted / 1_000.0)}, and events may wait {Seconds(needed)}.",
            $"Ingest could not give {topic.Name} its retention: records are deleted earlier than the document says.",
            fix: null
        );
    }
}
