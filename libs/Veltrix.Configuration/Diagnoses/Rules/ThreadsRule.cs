using static Veltrix.Configuration.Figures;

namespace Veltrix.Configuration.Diagnoses.Rules;

/// <summary>Workers without a core wait for each other and hold memory and database connections meanwhile.</summary>
internal sealed class ThreadsRule() : Rule("DOC-305", "More workers than cores")
{
    private const string Path = "$.processor.workers";
    private const int MostPerCore = 4;

    public override IEnumerable<Finding> Examine(Examination subject)
    {
        var workers = subject.Configuration.Processor.Workers;
        var cores = subject.Limits.Cores;
        if (workers <= MostPerCore * cores)
            yield break;
        yield return Report(
            Severity.Warning,
            subject,
            Path,
            $"{Of(workers)} workers / {Of(cores)} cores = {Of((double)workers / cores)} a core; {Of(MostPerCore)} are enough to hide waiting.",
            $"The rate stays at {Of(subject.Capacity.Processor.EventsPerSecond)} events/s; each event waits longer for a core.",
            Fix.Set(Path, Math.Min(MostPerCore * cores, ConfigurationLimits.Workers.Maximum))
        );
    }
}
