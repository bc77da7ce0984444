using Veltrix.Configuration.Capacity;
using static Veltrix.Configuration.Figures;

namespace Veltrix.Configuration.Diagnoses.Rules;

/// <summary>Every consumer of every node repeats its batch at the shortest allowed pause.</summary>
internal sealed class RetryStormRule() : Rule("DOC-506", "Retries hit a failing database too often")
{
    private const string Path = "$.processor.retry.longestMilliseconds";
    private const double MostPerSecond = 50;

    public override IEnumerable<Finding> Examine(Examination subject)
    {
        var retry = subject.Configuration.Processor.Retry;
        var members = (double)subject.Limits.ProcessorNodes * ServiceTimes.Consumers;
        var rate = members * 1_000 / retry.LongestMilliseconds;
        if (rate <= MostPerSecond)
            yield break;
        yield return Report(
            Severity.Warning,
            subject,
            Path,
            $"{Of(subject.Limits.ProcessorNodes)} nodes x {Of(ServiceTimes.Consumers)} consumers / {Of(retry.LongestMilliseconds)} ms = "
                + $"{Of(rate)} attempts/s while the database is away; {Of(MostPerSecond)} are plenty.",
            $"{Of(rate * subject.Capacity.BatchEvents)} events/s are sent to a database that just comes back.",
            FirstThatCures(
                subject,
                cured => !Examine(cured).Any(),
                [Fix.Set(Path, (int)Math.Ceiling(Math.Min(int.MaxValue, members * 1_000 / MostPerSecond)))]
            )
        );
    }
}
