using static Veltrix.Configuration.Figures;

namespace Veltrix.Configuration.Diagnoses.Rules;

/// <summary>Without a topology the topics are taken to be as the document wants them.</summary>
internal sealed class TopologyRule() : Rule("DOC-801", "The brokers were not looked at")
{
    public override IEnumerable<Finding> Examine(Examination subject)
    {
        if (subject.Topology is not null)
            yield break;
        yield return Report(
            Severity.Advice,
            subject,
            "$.clusters",
            $"{Of(subject.Topics().Count())} topics are taken to exist as the document says, {Of(subject.Brokers)} brokers are assumed.",
            "Existing topics with other partitions, copies or settings were not seen.",
            // No change of the document can show what is there.
            fix: null
        );
    }
}
