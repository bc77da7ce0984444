using Veltrix.Configuration.Capacity;
using static Veltrix.Configuration.Figures;

namespace Veltrix.Configuration.Diagnoses.Rules;

/// <summary>What is kept is rate times size times retention times copies.</summary>
internal sealed class DiskRule() : Rule("DOC-306", "The disk is full before records are deleted")
{
    public override IEnumerable<Finding> Examine(Examination subject)
    {
        // Traffic does not say which topic gets how much: all of it in the topic that needs most is the worst case, all of it in
        // the one that needs least is certain.
        var (worst, least) = (Need(subject, topics => topics.Max()), Need(subject, topics => topics.Min()));
        double limit = subject.Limits.DiskBytes;
        if (worst <= limit * ServiceTimes.HealthyUtilisation)
            yield break;
        yield return Report(
            least > limit ? Severity.Error : Severity.Warning,
            subject,
            LongestKept(subject),
            $"{Of(subject.Traffic.EventsPerSecond)} events/s x {Of(subject.Capacity.RecordBytes)} bytes x retention x copies / {Of(subject.Brokers)} brokers = "
                + (
                    worst > least
                        ? $"{Bytes(least)} to {Bytes(worst)}, depending on the topics that get them,"
                        : Bytes(worst)
                )
                + $" of {Bytes(limit)}.",
            worst > limit
                ? $"The disk is full after {Of(subject.Capacity.LongestRetentionHours * limit / worst)} h"
                    + (least > limit ? "" : " if most events are in the topic that keeps them longest")
                    + "; then every event is refused."
                : "Little disk is left for bursts.",
            FirstThatCures(subject, cured => !Examine(cured).Any(), Shorter(subject, limit / worst))
        );
    }

    /// <summary>Bytes of one broker's disk when all events are in one topic.</summary>
    private static double Need(Examination subject, Func<IEnumerable<double>, double> which) =>
        subject.Traffic.EventsPerSecond
        * subject.Capacity.RecordBytes
        * 3_600
        * which(
            subject.RoutedTopics().Select(topic => (double)topic.Topic.RetentionHours * subject.Copies(topic.Topic))
        )
        / subject.Brokers;

    private static string LongestKept(Examination subject) =>
        subject.RoutedTopics().MaxBy(topic => topic.Topic.RetentionHours).Path + ".retentionHours";

    private static IEnumerable<IReadOnlyList<PatchOperation>> Shorter(Examination subject, double share)
    {
        var hours = (int)(subject.Capacity.LongestRetentionHours * share * ServiceTimes.HealthyUtilisation);
        yield return
        [
            .. subject
                .RoutedTopics()
                .Where(topic => topic.Topic.RetentionHours > hours)
                .SelectMany(topic => Fix.Set($"{topic.Path}.retentionHours", hours)),
        ];
    }
}
