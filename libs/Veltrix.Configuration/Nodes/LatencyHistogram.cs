namespace Veltrix.Configuration;

/// <summary>
/// How often each latency occurred, in a fixed set of <see cref="Buckets"/>: what several nodes or seconds counted can be
/// added up, which percentiles cannot. Only the part between the first and the last bucket in use is written.
/// </summary>
/// <param name="FirstBucket">Index of the bucket of the first count.</param>
/// <param name="Counts">Events per bucket, from <paramref name="FirstBucket"/> on.</param>
public sealed record LatencyHistogram(int FirstBucket, IReadOnlyList<long> Counts)
{
    /// <summary>More than any node handles between two reports; sums of a minute stay far from overflowing.</summary>
    public const long MaximumCount = 1_000_000_000;

    /// <summary>
    /// Eight per power of two of ticks of 100 ns: a percentile is at most 6.25 % off. Index i below 16 is the value i; above,
    /// with s = i / 8 - 1, the bucket begins at (i - 8 s) * 2^s and is 2^s wide.
    /// </summary>
    public static readonly LogLinearBuckets Buckets = new(3);

    /// <summary>Whether every count has a bucket and is one that a node can have.</summary>
    public bool IsValid()
    {
        // Not FirstBucket + Counts.Count, which may overflow.
        if (FirstBucket < 0 || FirstBucket > Buckets.Count || Counts.Count > Buckets.Count - FirstBucket)
            return false;
        foreach (var count in Counts)
            if (count is < 0 or > MaximumCount)
                return false;
        return true;
    }
}
