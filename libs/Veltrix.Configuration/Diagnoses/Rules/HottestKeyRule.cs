using Veltrix.Configuration.Capacity;
using static Veltrix.Configuration.Figures;

namespace Veltrix.Configuration.Diagnoses.Rules;

/// <summary>Events of one key are handled one after the other, on one node: more nodes do not help.</summary>
internal sealed class HottestKeyRule() : Rule("DOC-402", "The busiest key is too much for one worker")
{
    public override IEnumerable<Finding> Examine(Examination subject)
    {
        var model = subject.Capacity;
        var stage = model.HottestKey;
        if (stage.Utilisation <= ServiceTimes.HealthyUtilisation)
            yield break;
        var ofKey = subject.Traffic.EventsPerSecond * subject.Traffic.HottestKeyShare / 100.0;
        var limit = stage.EventsPerSecond * subject.Traffic.HottestKeyShare / 100.0;
        var buffer = subject.Configuration.Processor.Consumer.QueuedKilobytes * 1_024.0;
        yield return Report(
            stage.Utilisation > 1 ? Severity.Error : Severity.Warning,
            subject,
            "$.processor.maximumBatchEvents",
            $"{Of(subject.Traffic.EventsPerSecond)} events/s x {Of(subject.Traffic.HottestKeyShare)} % = {Of(ofKey)} events/s of one key; "
                + $"{stage.Arithmetic}. The other {Of(subject.Limits.ProcessorNodes - 1)} of {Of(subject.Limits.ProcessorNodes)} nodes x "
                + $"{Of(subject.Limits.Cores)} cores cannot help.",
            ofKey > limit
                ? $"The buffer of {Bytes(buffer)} on one node is full after {Seconds(buffer / ((ofKey - limit) * model.RecordBytes))}; "
                    + $"its backlog grows by {Of(ofKey - limit)} events/s, and a restart does not help."
                : "A burst of this key piles up on one node.",
            FirstThatCures(subject, cured => !Examine(cured).Any(), FasterHandling.LargerBatches(subject))
        );
    }
}
