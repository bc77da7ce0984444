using Veltrix.Configuration.Capacity;
using static Veltrix.Configuration.Figures;

namespace Veltrix.Configuration.Diagnoses.Rules;

/// <summary>Each partition keeps a log and two indexes open on every broker that has a copy.</summary>
internal sealed class BrokerDescriptorsRule() : Rule("DOC-307", "Partitions need more files than a broker may open")
{
    public override IEnumerable<Finding> Examine(Examination subject)
    {
        var replicas = subject.Topics().Sum(topic => (long)topic.Topic.Partitions * subject.Copies(topic.Topic));
        var need =
            (replicas * ServiceTimes.DescriptorsOfPartition / (double)subject.Brokers)
            + ServiceTimes.ProcessDescriptors;
        double limit = subject.Limits.FileDescriptors;
        if (need <= limit * ServiceTimes.HealthyUtilisation)
            yield break;
        var largest = subject.Topics().MaxBy(topic => topic.Topic.Partitions);
        yield return Report(
            need > limit ? Severity.Error : Severity.Warning,
            subject,
            $"{largest.Path}.partitions",
            $"{Of(replicas)} partitions with their copies x {Of(ServiceTimes.DescriptorsOfPartition)} files / {Of(subject.Brokers)} brokers + "
                + $"{Of(ServiceTimes.ProcessDescriptors)} = {Of(need)} descriptors of {Of(limit)}.",
            "\"Too many open files\": the broker cannot open segments, and resets its connections.",
            FirstThatCures(subject, cured => !Examine(cured).Any(), Fewer(subject, Share(subject, replicas)))
        );
    }

    // Of the partitions that there are, as many as leave a healthy part of the descriptors free.
    private static double Share(Examination subject, long replicas) =>
        ((subject.Limits.FileDescriptors * ServiceTimes.HealthyUtilisation) - ServiceTimes.ProcessDescriptors)
        * subject.Brokers
        / ServiceTimes.DescriptorsOfPartition
        / replicas;

    private static IEnumerable<IReadOnlyList<PatchOperation>> Fewer(Examination subject, double share)
    {
        yield return
        [
            .. subject
                .Topics()
                .SelectMany(topic =>
                    Fix.Set($"{topic.Path}.partitions", Math.Max(1, (int)(topic.Topic.Partitions * share)))
                ),
        ];
    }
}
