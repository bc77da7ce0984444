using Veltrix.Configuration.Capacity;
using static Veltrix.Configuration.Figures;

namespace Veltrix.Configuration.Diagnoses.Rules;

/// <summary>What is committed by time is not handled yet when the process dies.</summary>
internal sealed class AutoCommitRule() : Rule("DOC-102", "Offsets are committed before events are handled")
{
    private const string Path = "$.processor.consumer.enableAutoCommit";

    public override IEnumerable<Finding> Examine(Examination subject)
    {
        if (!subject.Configuration.Processor.Consumer.EnableAutoCommit)
            yield break;
        var model = subject.Capacity;
        var events = 2 * model.BatchEvents * ServiceTimes.Consumers;
        yield return Report(
            Severity.Error,
            subject,
            Path,
            $"A node holds a batch in hand and a gathered one: 2 x {Of(model.BatchEvents)} events x "
                + $"{Of(ServiceTimes.Consumers)} consumers = {Of(events)} events whose offsets may be committed already.",
            $"A node that dies loses up to {Of(events)} events; nobody is told.",
            Fix.Set(Path, false)
        );
    }
}
