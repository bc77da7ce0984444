using static Veltrix.Configuration.Figures;

namespace Veltrix.Configuration.Diagnoses.Rules;

/// <summary>Without idempotence the broker cannot tell a repeated request from a new one.</summary>
internal sealed class ReorderRule() : Rule("DOC-202", "A repeated request can change the order")
{
    public override IEnumerable<Finding> Examine(Examination subject)
    {
        var producer = subject.Configuration.Ingest.Producer;
        if (producer.EnableIdempotence)
            yield break;
        var attempts = producer.DeliveryTimeoutMilliseconds / producer.RequestTimeoutMilliseconds;
        yield return Report(
            Severity.Error,
            subject,
            "$.ingest.producer.enableIdempotence",
            $"{Of(producer.MaximumInFlightRequests)} requests on their way at a time, each sent up to {Of(Math.Max(attempts, 1))} times "
                + $"({Of(producer.DeliveryTimeoutMilliseconds)} ms / {Of(producer.RequestTimeoutMilliseconds)} ms), and the broker takes each as new.",
            $"A repeat duplicates up to {Bytes(producer.BatchBytes)} of records"
                + (producer.MaximumInFlightRequests > 1 ? ", and puts them behind later ones of the same key." : "."),
            Fix.Set(
                ("$.ingest.producer.enableIdempotence", true),
                (
                    "$.ingest.producer.maximumInFlightRequests",
                    Math.Min(producer.MaximumInFlightRequests, IdempotenceRule.MostRequests)
                )
            )
        );
    }
}
