namespace Veltrix.Configuration.Rollouts;

/// <summary>Whether one share is greater than another, beyond chance.</summary>
public static class Proportions
{
    // Below this the normal approximation of a cell is too coarse (Cochran's rule).
    private const double SmallestExpected = 5;

    /// <summary>
    /// Probability of a first share at least this much greater if both were the same, one-sided: Fisher's exact test while a
    /// cell is small, the pooled z test beyond. 1 when either side has no trial.
    /// </summary>
    /// <param name="failures">Failures of the first.</param>
    /// <param name="trials">Trials of the first, failures included.</param>
    /// <param name="otherFailures">Failures of the second.</param>
    /// <param name="otherTrials">Trials of the second, failures included.</param>
    public static double Greater(long failures, long trials, long otherFailures, long otherTrials)
    {
        if (trials == 0 || otherTrials == 0)
            return 1;
        var share = (double)(failures + otherFailures) / (trials + otherTrials);
        if (share is 0 or 1)
            return 1;
        var smallest = Math.Min(trials, otherTrials) * Math.Min(share, 1 - share);
        if (smallest < SmallestExpected)
            return Fisher(failures, trials, otherFailures, otherTrials);
        var deviation = Math.Sqrt(share * (1 - share) * (1.0 / trials + 1.0 / otherTrials));
        return NormalDistribution.Above(((double)failures / trials - (double)otherFailures / otherTrials) / deviation);
    }

    /// <summary>Tail of the hypergeometric distribution from <paramref name="failures"/> up.</summary>
    private static double Fisher(long failures, long trials, long otherFailures, long otherTrials)
    {
        var allFailures = failures + otherFailures;
        var all = trials + otherTrials;
        var most = Math.Min(allFailures, trials);
        var logarithm =
            LogChoose(trials, failures) + LogChoose(otherTrials, allFailures - failures) - LogChoose(all, allFailures);
        var term = Math.Exp(logarithm);
        var sum = term;
        for (var count = failures; count < most && term > sum * double.Epsilon; count++)
        {
            // The next term from this one: two binomial coefficients move by one step each.
            term *=
                (double)(trials - count)
                / (count + 1)
                * (allFailures - count)
                / (otherTrials - allFailures + count + 1);
            sum += term;
        }
        return Math.Min(1, sum);
    }

    private static double LogChoose(long all, long chosen) =>
        LogFactorial(all) - LogFactorial(chosen) - LogFactorial(all - chosen);

    /// <summary>Stirling's series; below 20 the sum itself.</summary>
    private static double LogFactorial(long number)
    {
        if (number < 20)
        {
            var sum = 0.0;
            for (var factor = 2; factor <= number; factor++)
                sum += Math.Log(factor);
            return sum;
        }
        double n = number;
        return (n + 0.5) * Math.Log(n) - n + 0.5 * Math.Log(2 * Math.PI) + 1 / (12 * n) - 1 / (360 * n * n * n);
    }
}
