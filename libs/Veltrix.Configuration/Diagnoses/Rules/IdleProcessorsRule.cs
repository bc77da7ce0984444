using static Veltrix.Configuration.Figures;

namespace Veltrix.Configuration.Diagnoses.Rules;

/// <summary>A partition has one reader in a group, so more nodes than partitions idle.</summary>
internal sealed class IdleProcessorsRule() : Rule("DOC-603", "Processors without a partition")
{
    private const string Path = "$.limits.processorNodes";

    public override IEnumerable<Finding> Examine(Examination subject)
    {
        var nodes = subject.Limits.ProcessorNodes;
        var busy = subject.Capacity.BusyProcessors;
        if (nodes == busy)
            yield break;
        yield return Report(
            Severity.Warning,
            subject,
            Path,
            $"{Of(nodes)} processor nodes, the largest topic has {Of(busy)} partitions: {Of(nodes - busy)} nodes get none.",
            $"{Of((nodes - busy) * (double)subject.Limits.Cores)} cores do nothing.",
            Fix.Set(Path, busy)
        );
    }
}
