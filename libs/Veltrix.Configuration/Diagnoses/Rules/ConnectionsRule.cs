using Veltrix.Configuration.Capacity;
using static Veltrix.Configuration.Figures;

namespace Veltrix.Configuration.Diagnoses.Rules;

/// <summary>Every request that waits holds a connection.</summary>
internal sealed class ConnectionsRule() : Rule("DOC-302", "Too many connections")
{
    public override IEnumerable<Finding> Examine(Examination subject)
    {
        var need = subject.Capacity.IngestNode.Connections;
        double limit = subject.Limits.Connections;
        if (need <= limit * ServiceTimes.HealthyUtilisation)
            yield break;
        yield return Report(
            need > limit ? Severity.Error : Severity.Warning,
            subject,
            "$.ingest.producer.deliveryTimeoutMilliseconds",
            HeldRequests.Evidence(subject)
                + $" + {Of(need - subject.Capacity.HeldRequests)} of the node = {Of(need)} connections of {Of(limit)}.",
            need > limit
                ? $"{Of(need - limit)} connections of each node are reset."
                : $"Only {Of(limit - need)} connections are left.",
            FirstThatCures(subject, cured => !Examine(cured).Any(), HeldRequests.Fewer(subject))
        );
    }
}
