namespace Veltrix.Configuration;

/// <summary>Counts latencies per bucket and tells their percentiles. Not thread-safe.</summary>
/// <param name="buckets">Which buckets there are.</param>
public sealed class LatencyCounts(LogLinearBuckets buckets)
{
    private readonly long[] _counts = new long[buckets.Count];

    /// <summary>How many latencies were counted.</summary>
    public long Total { get; private set; }

    /// <summary>Counts latencies of one bucket.</summary>
    public void Add(int bucket, long count)
    {
        _counts[bucket] += count;
        Total += count;
    }

    /// <summary>Adds what another node, or another second, counted. The buckets must be <see cref="LatencyHistogram.Buckets"/>.</summary>
    public void Add(LatencyHistogram histogram)
    {
        ArgumentNullException.ThrowIfNull(histogram);
        for (var index = 0; index < histogram.Counts.Count; index++)
            Add(histogram.FirstBucket + index, histogram.Counts[index]);
    }

    /// <summary>Adds what was counted in finer buckets.</summary>
    public void Add(LatencyCounts finer)
    {
        ArgumentNullException.ThrowIfNull(finer);
        for (var bucket = 0; bucket < finer._counts.Length; bucket++)
            if (finer._counts[bucket] is > 0 and var count)
                Add(buckets.IndexOf(finer.Buckets.LowestOf(bucket)), count);
    }

    /// <summary>Forgets all.</summary>
    public void Clear()
    {
        Array.Clear(_counts);
        Total = 0;
    }

    /// <summary>Nearest rank: the smallest latency that at least <paramref name="share"/> of all do not exceed, to within its bucket.</summary>
    /// <returns>Null when nothing was counted.</returns>
    public TimeSpan? Percentile(double share)
    {
        if (Total == 0)
            return null;
        var rank = Math.Max(1, (long)Math.Ceiling(share * Total));
        var bucket = 0;
        for (var seen = _counts[0]; seen < rank; seen += _counts[bucket])
            bucket++;
        return TimeSpan.FromTicks(buckets.MiddleOf(bucket));
    }

    /// <summary>The counts as a report carries them; null when there are none.</summary>
    public LatencyHistogram? ToHistogram()
    {
        if (Total == 0)
            return null;
        var first = Array.FindIndex(_counts, count => count > 0);
        var last = Array.FindLastIndex(_counts, count => count > 0);
        return new LatencyHistogram(first, _counts[first..(last + 1)]);
    }

    private LogLinearBuckets Buckets => buckets;
}
