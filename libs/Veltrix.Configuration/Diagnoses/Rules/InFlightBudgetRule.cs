using static Veltrix.Configuration.Figures;

namespace Veltrix.Configuration.Diagnoses.Rules;

/// <summary>Burst times outage must fit into the bytes that a node may hold.</summary>
internal sealed class InFlightBudgetRule() : Rule("DOC-109", "A short outage in a burst overflows the buffer")
{
    private const string Path = "$.ingest.maximumBytesInFlight";

    public override IEnumerable<Finding> Examine(Examination subject)
    {
        var model = subject.Capacity;
        var needed = model.BurstOfNode * model.HeldSeconds * subject.Traffic.AverageEventBytes;
        double budget = subject.Configuration.Ingest.MaximumBytesInFlight;
        if (needed <= budget)
            yield break;
        var refused = (needed - budget) / subject.Traffic.AverageEventBytes;
        yield return Report(
            model.InFlightBudget.UtilisationInBurst > 1 ? Severity.Error : Severity.Warning,
            subject,
            Path,
            $"{Of(model.BurstOfNode)} events/s of a node in a burst x {Seconds(model.HeldSeconds)} x "
                + $"{Of(subject.Traffic.AverageEventBytes)} bytes = {Bytes(needed)}, allowed are {Bytes(budget)}.",
            $"About {Of(refused)} events of each node are refused with 429 or 503 and must be sent again.",
            FirstThatCures(subject, cured => !Examine(cured).Any(), [Fix.Set(Path, (long)Math.Ceiling(needed))])
        );
    }
}
