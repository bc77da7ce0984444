using static Veltrix.Configuration.Figures;

namespace Veltrix.Configuration.Diagnoses.Rules;

/// <summary>The group must not give partitions away while their batch may still run.</summary>
internal sealed class PollIntervalRule()
    : Rule("DOC-502", "A batch may take longer than the group waits for its member")
{
    private const string Path = "$.processor.handlerTimeoutMilliseconds";

    public override IEnumerable<Finding> Examine(Examination subject)
    {
        var processor = subject.Configuration.Processor;
        var interval = processor.Consumer.MaximumPollIntervalMilliseconds;
        if (processor.HandlerTimeoutMilliseconds < interval)
            yield break;
        yield return Report(
            Severity.Error,
            subject,
            Path,
            $"A batch may take {Of(processor.HandlerTimeoutMilliseconds)} ms; a member that does not poll for {Of(interval)} ms loses its partitions.",
            $"Up to {Of(subject.Capacity.BatchEvents)} events are handled by two nodes at a time; one of them is rolled back, and again.",
            FirstThatCures(
                subject,
                cured => !Examine(cured).Any(),
                [
                    Fix.Set(Path, interval / 2),
                    Fix.Set(
                        "$.processor.consumer.maximumPollIntervalMilliseconds",
                        2L * processor.HandlerTimeoutMilliseconds
                    ),
                ]
            )
        );
    }
}
