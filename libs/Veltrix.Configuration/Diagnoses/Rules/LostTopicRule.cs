using static Veltrix.Configuration.Figures;

namespace Veltrix.Configuration.Diagnoses.Rules;

/// <summary>Processors read the topics of the document: what is left in one that is gone from it has no reader.</summary>
internal sealed class LostTopicRule() : Rule("DOC-112", "A topic that may hold events is taken away")
{
    public override IEnumerable<Finding> Examine(Examination subject)
    {
        if (subject.Previous is not { } previous)
            yield break;
        var names = subject.Topics().Select(topic => topic.Topic.Name).ToHashSet(StringComparer.Ordinal);
        foreach (var lost in previous.TopicsOn(ClusterConfiguration.Served).Where(lost => !names.Contains(lost.Name)))
        {
            var types = previous.EventTypes.Count(type => type.Topic == lost.Name);
            var seconds = subject.Traffic.ProcessorOutageMinutes * 60.0;
            yield return Report(
                types > 0 ? Severity.Error : Severity.Warning,
                subject,
                "$.clusters",
                $"{Of(types)} event types of the version in force go to {lost.Name}, which is none of {Of(names.Count)} topics now; "
                    + $"up to {Of(subject.Traffic.EventsPerSecond)} events/s x {Of(seconds)} s = {Of(subject.Traffic.EventsPerSecond * seconds)} events may wait there.",
                $"Processors read it no more: accepted events that wait there are deleted unhandled, {Of(lost.RetentionHours)} h after they came in.",
                Back(subject, lost)
            );
        }
    }

    private static IReadOnlyList<PatchOperation>? Back(Examination subject, TopicConfiguration lost)
    {
        var clusters = subject.Configuration.Clusters;
        var served = clusters.TakeWhile(cluster => cluster.Name != ClusterConfiguration.Served).Count();
        return served < clusters.Count && clusters[served].Topics.Count < ConfigurationLimits.Topics.Maximum
            ? [Fix.AddTopic(served, lost)]
            : null;
    }
}
