using System.Globalization;

namespace Veltrix.Configuration.Rollouts;

/// <summary>
/// Compares what nodes did on the candidate with what others did without it. A difference speaks against the candidate only
/// when chance does not explain it and when it is large enough to matter: among many events chance explains very little.
/// </summary>
public static class CanaryComparison
{
    /// <summary>Chance is ruled out below this probability, in each of the three tests.</summary>
    public const double Alpha = 0.01;

    /// <summary>Fewest seconds of each side that are compared.</summary>
    public const int FewestSamples = 5;

    /// <summary>Fewest events, failed ones included, that a side is judged by: an idle node shows nothing.</summary>
    public const int FewestEvents = 100;

    /// <summary>A share of errors matters from half a percentage point more on.</summary>
    public const double SmallestErrorShare = 0.005;

    /// <summary>Latency matters from a quarter more on ...</summary>
    public const double SmallestLatencyRatio = 1.25;

    /// <summary>... and from so many milliseconds more on.</summary>
    public const double SmallestLatencyMilliseconds = 1;

    /// <summary>Throughput matters from a loss of half on; partitions give nodes different shares anyway.</summary>
    public const double LargestThroughputRatio = 0.5;

    /// <summary>The evidence: what was compared, and what is worse.</summary>
    /// <param name="wave">The wave, from 1.</param>
    /// <param name="service">Name of the service whose nodes these are.</param>
    /// <param name="canary">Seconds of nodes on the candidate.</param>
    /// <param name="control">Seconds of nodes of the same services on the version before, at the same time.</param>
    /// <param name="before">Seconds of the canary's own nodes before they got the candidate.</param>
    public static IReadOnlyList<RolloutEvidence> Compare(
        int wave,
        string service,
        IReadOnlyList<NodeSample> canary,
        IReadOnlyList<NodeSample> control,
        IReadOnlyList<NodeSample> before
    )
    {
        var (other, against) =
            control.Count >= FewestSamples
                ? (control, "the nodes without it")
                : (before, "the same nodes before it, because too few were left without it");
        if (canary.Count < FewestSamples || other.Count < FewestSamples)
            return
            [
                new(
                    wave,
                    IsWorse: false,
                    Text(
                        $"{service}: too few samples to compare: {canary.Count} with the candidate, {other.Count} without."
                    ),
                    IsTooLittle: canary.Count < FewestSamples
                ),
                .. Idleness(wave, service, canary),
            ];
        return
        [
            new(
                wave,
                IsWorse: false,
                Text($"{service}: {canary.Count} seconds compared with {other.Count} of {against}.")
            ),
            .. Idleness(wave, service, canary),
            Errors(wave, service, canary, other),
            Latency(wave, service, canary, other),
            Throughput(wave, service, canary, other),
        ];
    }

    private static IEnumerable<RolloutEvidence> Idleness(int wave, string service, IReadOnlyList<NodeSample> canary)
    {
        if (canary.Count < FewestSamples || Count(canary).Trials is var events && events >= FewestEvents)
            yield break;
        yield return new(
            wave,
            IsWorse: false,
            Text(
                $"{service}: {events} events in {canary.Count} seconds are too few to judge by; at least {FewestEvents} are needed."
            ),
            IsIdle: true
        );
    }

    private static RolloutEvidence Errors(
        int wave,
        string service,
        IReadOnlyList<NodeSample> canary,
        IReadOnlyList<NodeSample> other
    )
    {
        var (errors, trials) = Count(canary);
        var (otherErrors, otherTrials) = Count(other);
        var probability = Proportions.Greater(errors, trials, otherErrors, otherTrials);
        var difference = Share(errors, trials) - Share(otherErrors, otherTrials);
        return new(
            wave,
            probability < Alpha && difference >= SmallestErrorShare,
            Text($"{service}, errors: {errors} of {trials} against {otherErrors} of {otherTrials}."),
            probability
        );
    }

    private static RolloutEvidence Latency(
        int wave,
        string service,
        IReadOnlyList<NodeSample> canary,
        IReadOnlyList<NodeSample> other
    )
    {
        double[] latencies = [.. canary.Select(sample => sample.LatencyP99Milliseconds).OfType<double>()];
        double[] others = [.. other.Select(sample => sample.LatencyP99Milliseconds).OfType<double>()];
        if (latencies.Length < FewestSamples || others.Length < FewestSamples)
            return new(wave, IsWorse: false, $"{service}, p99 latency: too few seconds with events to compare.");
        var probability = MannWhitney.Greater(latencies, others);
        var (median, otherMedian) = (Median(latencies), Median(others));
        return new(
            wave,
            probability < Alpha
                && median >= otherMedian * SmallestLatencyRatio
                && median - otherMedian >= SmallestLatencyMilliseconds,
            Text($"{service}, p99 latency: median {median:0.##} ms against {otherMedian:0.##} ms."),
            probability
        );
    }

    private static RolloutEvidence Throughput(
        int wave,
        string service,
        IReadOnlyList<NodeSample> canary,
        IReadOnlyList<NodeSample> other
    )
    {
        double[] events = [.. canary.Select(sample => sample.Events)];
        double[] others = [.. other.Select(sample => sample.Events)];
        var probability = MannWhitney.Greater(others, events);
        var (median, otherMedian) = (Median(events), Median(others));
        return new(
            wave,
            probability < Alpha && median < otherMedian * LargestThroughputRatio,
            Text($"{service}, throughput: median {median:0.##} events/s a node against {otherMedian:0.##}."),
            probability
        );
    }

    private static (long Errors, long Trials) Count(IReadOnlyList<NodeSample> samples)
    {
        var errors = (long)Math.Round(samples.Sum(sample => sample.Errors));
        return (errors, errors + (long)Math.Round(samples.Sum(sample => sample.Events)));
    }

    private static double Share(long part, long all) => all == 0 ? 0 : (double)part / all;

    private static double Median(double[] values)
    {
        var sorted = values.Order().ToArray();
        return (sorted[(sorted.Length - 1) / 2] + sorted[sorted.Length / 2]) / 2;
    }

    private static string Text(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
