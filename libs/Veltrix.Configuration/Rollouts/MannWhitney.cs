namespace Veltrix.Configuration.Rollouts;

/// <summary>Mann-Whitney's U test: whether one set of values tends to be greater than another, whatever their distribution.</summary>
public static class MannWhitney
{
    /// <summary>
    /// Probability of ranks at least this high for <paramref name="values"/> if both came from the same distribution,
    /// one-sided; normal approximation with the corrections for ties and continuity. 1 when either is empty.
    /// </summary>
    public static double Greater(IReadOnlyCollection<double> values, IReadOnlyCollection<double> others)
    {
        if (values.Count == 0 || others.Count == 0)
            return 1;
        double n1 = values.Count;
        double n2 = others.Count;
        var (rankSum, ties) = Rank(values, others);
        var u = rankSum - n1 * (n1 + 1) / 2;
        var n = n1 + n2;
        var variance = n1 * n2 / 12 * (n + 1 - ties / (n * (n - 1)));
        return variance <= 0 ? 1 : NormalDistribution.Above((u - n1 * n2 / 2 - 0.5) / Math.Sqrt(variance));
    }

    /// <summary>Sum of the ranks of the first, and the sum of t³ - t over groups of t equal values.</summary>
    private static (double RankSum, double Ties) Rank(
        IReadOnlyCollection<double> values,
        IReadOnlyCollection<double> others
    )
    {
        var all = values
            .Select(value => (Value: value, IsFirst: true))
            .Concat(others.Select(value => (Value: value, IsFirst: false)))
            .OrderBy(entry => entry.Value)
            .ToArray();
        var (sum, ties) = (0.0, 0.0);
        for (var start = 0; start < all.Length; )
        {
            var end = start;
            var first = 0;
            for (; end < all.Length && all[end].Value.Equals(all[start].Value); end++)
                first += all[end].IsFirst ? 1 : 0;
            double equal = end - start;
            sum += first * (start + 1 + end) / 2.0;
            ties += equal * equal * equal - equal;
            start = end;
        }
        return (sum, ties);
    }
}
