using static Veltrix.Configuration.Figures;

namespace Veltrix.Configuration.Diagnoses.Rules;

/// <summary>What comes in faster than it is handled waits, and waits longer the less is to spare.</summary>
internal sealed class DrainRule() : Rule("DOC-404", "A burst takes long to drain")
{
    private const double LongestSeconds = 600;

    public override IEnumerable<Finding> Examine(Examination subject)
    {
        var model = subject.Capacity;
        // What never drains is the finding of a stage that is too slow for the mean.
        if (model.DrainSeconds <= LongestSeconds || double.IsInfinity(model.DrainSeconds))
            yield break;
        yield return Report(
            Severity.Warning,
            subject,
            "$.processor.maximumBatchEvents",
            $"({Of(model.BurstEventsPerSecond)} in a burst - {Of(model.Handled)} handled) x {Of(subject.Traffic.BurstSeconds)} s = "
                + $"{Of(model.BacklogAfterBurst)} events wait; / ({Of(model.Handled)} - {Of(subject.Traffic.EventsPerSecond)} of the mean) = "
                + $"{Seconds(model.DrainSeconds)}.",
            $"The last event of a burst has its effect {Seconds(model.DrainSeconds)} late.",
            FirstThatCures(subject, cured => !Examine(cured).Any(), FasterHandling.Of(subject))
        );
    }
}
