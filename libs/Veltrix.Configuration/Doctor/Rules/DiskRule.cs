using Veltrix.Configuration.Capacity;
using static Veltrix.Configuration.Figures;

namespace Veltrix.Configuration.Diagnoses.Rules;

/// <summary>What is kept is rate times size times retention times copies.</summary>
internal sealed class DiskRule() : Rule("DOC-306", "The disk is full before records are deleted")
{
    public override IEnumerable<Finding> Examine(Examination subject)
    {
        var model = subject.Capacity;
        var copies = subject.Topics().Max(topic => subject.Copies(topic.Topic));
        var need = model.KeptBytes * copies / subject.Brokers;
        double limit = subject.Limits.DiskBytes;
        if (need <= limit * ServiceTimes.HealthyUtilisation)
            yield break;
        yield return Report(
            need > limit ? Severity.Error : Severity.Warning,
            subject,
            LongestKept(subject),
            $"{Of(subject.Traffic.EventsPerSecond)} events/s x {Of(model.RecordBytes)} bytes x {Of(model.LongestRetentionHours)} h x "
                + $"{Of(copies)} copies / {Of(subject.Brokers)} brokers = {Bytes(need)} of {Bytes(limit)}.",
            need > limit
                ? $"The disk is full after {Of(model.LongestRetentionHours * limit / need)} h; then every event is refused."
                : "Little disk is left for bursts.",
            FirstThatCures(subject, cured => !Examine(cured).Any(), Shorter(subject, limit / need))
        );
    }

    private static string LongestKept(Examination subject) =>
        subject.Topics().MaxBy(topic => topic.Topic.RetentionHours).Path + ".retentionHours";

    private static IEnumerable<IReadOnlyList<PatchOperation>> Shorter(Examination subject, double share)
    {
        var hours = (int)(subject.Capacity.LongestRetentionHours * share * ServiceTimes.HealthyUtilisation);
        yield return
        [
            .. subject
                .Topics()
                .Where(topic => topic.Topic.RetentionHours > hours)
                .SelectMany(topic => Fix.Set($"{topic.Path}.retentionHours", hours)),
        ];
    }
}
