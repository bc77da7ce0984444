using static Veltrix.Configuration.Figures;

namespace Veltrix.Configuration.Diagnoses.Rules;

/// <summary>Retention must cover the longest stop of the processors and the time to catch up.</summary>
internal sealed class RetentionRule() : Rule("DOC-104", "Records are deleted before they are handled")
{
    public override IEnumerable<Finding> Examine(Examination subject)
    {
        var model = subject.Capacity;
        var outage = subject.Traffic.ProcessorOutageMinutes * 60.0;
        var backlog = subject.Traffic.EventsPerSecond * outage;
        var drain = model.Drain(backlog);
        if (double.IsInfinity(drain))
            // The processors never catch up, which is a finding of its own.
            drain = 0;
        var needed = outage + drain;
        foreach (var (path, topic) in subject.Topics())
        {
            var kept = topic.RetentionHours * 3_600.0;
            if (kept >= 2 * needed)
                continue;
            var lost = Math.Max(0, needed - kept) * subject.Traffic.EventsPerSecond;
            yield return Report(
                kept < needed ? Severity.Error : Severity.Warning,
                subject,
                $"{path}.retentionHours",
                $"{Seconds(outage)} without a processor + {Seconds(drain)} to handle {Of(backlog)} waiting events = "
                    + $"{Seconds(needed)}; topic {topic.Name} keeps records for {Seconds(kept)}, twice the need would be {Seconds(2 * needed)}.",
                lost > 0
                    ? $"Up to {Of(lost)} accepted events are deleted unhandled."
                    : "Little more than the expected stop loses events.",
                Longer(path, 2 * needed / 3_600)
            );
        }
    }

    private static IReadOnlyList<PatchOperation>? Longer(string path, double hours) =>
        hours <= ConfigurationLimits.RetentionHours.Maximum
            ? Fix.Set($"{path}.retentionHours", (int)Math.Ceiling(hours))
            : null;
}
