using static Veltrix.Configuration.Figures;

namespace Veltrix.Configuration.Diagnoses.Rules;

/// <summary>Kafka's clients refuse idempotence with more than five requests in flight or without acks=all.</summary>
internal sealed class IdempotenceRule() : Rule("DOC-203", "Idempotence is impossible with these settings")
{
    /// <summary>Kafka, <c>max.in.flight.requests.per.connection</c>: the broker remembers the last five batches.</summary>
    public const int MostRequests = 5;

    private const string Path = "$.ingest.producer.maximumInFlightRequests";

    public override IEnumerable<Finding> Examine(Examination subject)
    {
        var producer = subject.Configuration.Ingest.Producer;
        if (!producer.EnableIdempotence || producer.MaximumInFlightRequests <= MostRequests)
            yield break;
        yield return Report(
            Severity.Error,
            subject,
            Path,
            $"{Of(producer.MaximumInFlightRequests)} requests in flight, {Of(MostRequests)} are possible with enableIdempotence=true.",
            "Ingest cannot open its producer: every event is refused.",
            Fix.Set(Path, MostRequests)
        );
    }
}
