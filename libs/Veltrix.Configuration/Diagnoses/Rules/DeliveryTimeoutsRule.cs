using static Veltrix.Configuration.Figures;

namespace Veltrix.Configuration.Diagnoses.Rules;

/// <summary>The inner timeout must be shorter than the outer one.</summary>
internal sealed class DeliveryTimeoutsRule() : Rule("DOC-501", "A request may take longer than the delivery")
{
    private const string Path = "$.ingest.producer.requestTimeoutMilliseconds";

    public override IEnumerable<Finding> Examine(Examination subject)
    {
        var producer = subject.Configuration.Ingest.Producer;
        var outer = producer.DeliveryTimeoutMilliseconds - producer.LingerMilliseconds;
        if (producer.RequestTimeoutMilliseconds < outer)
            yield break;
        yield return Report(
            Severity.Error,
            subject,
            Path,
            $"A request may take {Of(producer.RequestTimeoutMilliseconds)} ms; of the delivery timeout of "
                + $"{Of(producer.DeliveryTimeoutMilliseconds)} ms {Of(outer)} ms are left after {Of(producer.LingerMilliseconds)} ms of lingering.",
            $"One lost answer refuses up to {Bytes(producer.BatchBytes)} of records: there is no time for a second attempt.",
            FirstThatCures(
                subject,
                cured => !Examine(cured).Any(),
                [Fix.Set(Path, Math.Max(100, outer / 2)), Longer(producer)]
            )
        );
    }

    private static IReadOnlyList<PatchOperation> Longer(ProducerConfiguration producer) =>
        Fix.Set(
            "$.ingest.producer.deliveryTimeoutMilliseconds",
            (2 * producer.RequestTimeoutMilliseconds) + producer.LingerMilliseconds
        );
}
