using static Veltrix.Configuration.Figures;

namespace Veltrix.Configuration.Diagnoses.Rules;

/// <summary>Kafka's client refuses a poll interval below the session timeout.</summary>
internal sealed class SessionTimeoutRule() : Rule("DOC-505", "The session outlasts the poll interval")
{
    public override IEnumerable<Finding> Examine(Examination subject)
    {
        var consumer = subject.Configuration.Processor.Consumer;
        if (consumer.MaximumPollIntervalMilliseconds >= consumer.SessionTimeoutMilliseconds)
            yield break;
        yield return Report(
            Severity.Error,
            subject,
            "$.processor.consumer.maximumPollIntervalMilliseconds",
            $"A poll interval of {Of(consumer.MaximumPollIntervalMilliseconds)} ms is below the session timeout of {Of(consumer.SessionTimeoutMilliseconds)} ms.",
            "Processors cannot open their consumers: nothing is handled.",
            Fix.Set("$.processor.consumer.maximumPollIntervalMilliseconds", consumer.SessionTimeoutMilliseconds)
        );
    }
}
