using Veltrix.Configuration.Capacity;
using static Veltrix.Configuration.Figures;

namespace Veltrix.Configuration.Diagnoses.Rules;

/// <summary>Nodes that idle cost money, connections and rebalances.</summary>
internal sealed class OverProvisionedRule() : Rule("DOC-701", "Far more nodes than the traffic needs")
{
    private const int Spare = 2;
    private const double Plenty = 10;

    public override IEnumerable<Finding> Examine(Examination subject)
    {
        var model = subject.Capacity;
        var nodes = subject.Limits.ProcessorNodes;
        // Two nodes are what availability asks for, whatever the load.
        var enough = Math.Max(
            Spare,
            (int)Math.Ceiling(nodes * model.Processor.UtilisationInBurst / ServiceTimes.HealthyUtilisation)
        );
        if (nodes <= Spare || model.Processor.UtilisationInBurst * Plenty > 1)
            yield break;
        yield return Report(
            Severity.Advice,
            subject,
            "$.limits.processorNodes",
            $"{Of(nodes)} nodes x {Of(subject.Limits.Cores)} cores = {Of((double)nodes * subject.Limits.Cores)} cores and "
                + $"{Bytes((double)nodes * subject.Limits.MemoryBytes)} of memory; a burst of {Of(model.BurstEventsPerSecond)} events/s uses "
                + $"{Percent(model.Processor.UtilisationInBurst)} of {model.Processor.Arithmetic}.",
            $"{Of(nodes - enough)} nodes and {Of((double)(nodes - enough) * subject.Limits.Cores)} cores are paid for nothing.",
            FirstThatCures(
                subject,
                cured => !Examine(cured).Any(),
                [Fix.Set("$.limits.processorNodes", enough), Fix.Set("$.limits.processorNodes", Spare)]
            )
        );
    }
}
