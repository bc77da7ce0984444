using static Veltrix.Configuration.Figures;

namespace Veltrix.Configuration.Diagnoses.Rules;

/// <summary>Retention must cover the longest stop of the processors and the time to catch up.</summary>
internal sealed class RetentionRule() : Rule("DOC-104", "Records are deleted before they are handled")
{
    public override IEnumerable<Finding> Examine(Examination subject)
    {
        var model = subject.Capacity;
        var needed = model.LongestWaitSeconds;
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
                $"{Seconds(model.OutageSeconds)} without a processor + {Seconds(model.CatchUpSeconds)} to handle "
                    + $"{Of(subject.Traffic.EventsPerSecond * model.OutageSeconds)} waiting events = "
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
