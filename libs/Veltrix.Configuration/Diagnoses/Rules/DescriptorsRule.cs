using Veltrix.Configuration.Capacity;
using static Veltrix.Configuration.Figures;

namespace Veltrix.Configuration.Diagnoses.Rules;

/// <summary>Every request that waits holds a socket; a process has a limit of them.</summary>
internal sealed class DescriptorsRule() : Rule("DOC-301", "Too many open files")
{
    public override IEnumerable<Finding> Examine(Examination subject)
    {
        var need = subject.Capacity.IngestNode.Descriptors;
        double limit = subject.Limits.FileDescriptors;
        if (need <= limit * ServiceTimes.HealthyUtilisation)
            yield break;
        yield return Report(
            need > limit ? Severity.Error : Severity.Warning,
            subject,
            "$.ingest.producer.deliveryTimeoutMilliseconds",
            HeldRequests.Evidence(subject)
                + $" + {Of(need - subject.Capacity.HeldRequests)} of the process = {Of(need)} descriptors of {Of(limit)}.",
            need > limit
                ? $"\"Too many open files\": {Of(need - limit)} connections of each node are refused or reset."
                : $"Only {Of(limit - need)} descriptors are left.",
            FirstThatCures(subject, cured => !Examine(cured).Any(), HeldRequests.Fewer(subject))
        );
    }
}
