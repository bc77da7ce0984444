using Veltrix.Configuration.Capacity;
using static Veltrix.Configuration.Figures;

namespace Veltrix.Configuration.Diagnoses.Rules;

/// <summary>A batch that is rolled back and repeated as it was will be rolled back again.</summary>
internal sealed class HandlerTimeoutRule() : Rule("DOC-503", "A full batch does not fit into its timeout")
{
    private const string Path = "$.processor.handlerTimeoutMilliseconds";
    private const double Reserve = 5;

    public override IEnumerable<Finding> Examine(Examination subject)
    {
        var model = subject.Capacity;
        var timeout = subject.Configuration.Processor.HandlerTimeoutMilliseconds / 1_000.0;
        if (model.BatchSeconds * Reserve <= timeout)
            yield break;
        yield return Report(
            model.BatchSeconds > timeout ? Severity.Error : Severity.Warning,
            subject,
            Path,
            $"{Of(model.BatchEvents)} events: {Seconds(ServiceTimes.TransactionSeconds)} + {Of(model.BatchEvents)} x "
                + $"{Seconds(ServiceTimes.HandledEventSeconds)} / {Of(model.UsefulWorkers)} workers = {Seconds(model.BatchSeconds)}; "
                + $"the timeout is {Seconds(timeout)}.",
            model.BatchSeconds > timeout
                ? "A full batch never ends: its partitions stand still."
                : "A database that is five times as slow as usual stops the partitions.",
            FirstThatCures(
                subject,
                cured => !Examine(cured).Any(),
                Enumerable
                    .Range(1, 16)
                    .Select(step =>
                        Fix.Set(
                            "$.processor.maximumBatchEvents",
                            subject.Configuration.Processor.MaximumBatchEvents >> step
                        )
                    )
            )
        );
    }
}
