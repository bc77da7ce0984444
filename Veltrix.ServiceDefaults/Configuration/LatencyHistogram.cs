using System.Numerics;

namespace Veltrix.ServiceDefaults.Configuration;

/// <summary>
/// Counts latencies in buckets whose width grows with the value (log-linear, as HdrHistogram has it): 64 per power of
/// two, so that a bucket's middle is at most 1/128 from every value in it. Recording is one interlocked addition.
/// </summary>
internal sealed class LatencyHistogram
{
    private const int BucketsPerOctaveLog2 = 6;
    private const int BucketsPerOctave = 1 << BucketsPerOctaveLog2;

    /// <summary>2^36 ticks of 100 ns are 114 minutes; longer latencies count as that.</summary>
    private const int LargestLog2 = 36;
    private const long LargestTicks = (1L << LargestLog2) - 1;

    private readonly long[] _counts = new long[(LargestLog2 - BucketsPerOctaveLog2 + 1) * BucketsPerOctave];
    private readonly long[] _taken = new long[(LargestLog2 - BucketsPerOctaveLog2 + 1) * BucketsPerOctave];

    public void Record(TimeSpan latency, long count) =>
        Interlocked.Add(ref _counts[BucketOf(Math.Clamp(latency.Ticks, 0, LargestTicks))], count);

    /// <summary>Percentiles of what was recorded since the last call, which starts anew. One caller at a time.</summary>
    /// <returns>Null for each when nothing was recorded.</returns>
    public (TimeSpan? P50, TimeSpan? P99) Take()
    {
        long total = 0;
        for (var bucket = 0; bucket < _counts.Length; bucket++)
            total += _taken[bucket] = Interlocked.Exchange(ref _counts[bucket], 0);
        return total == 0 ? (null, null) : (Percentile(0.50, total), Percentile(0.99, total));
    }

    /// <summary>Nearest rank: the smallest value that at least that share of all values does not exceed.</summary>
    private TimeSpan Percentile(double share, long total)
    {
        var rank = Math.Max(1, (long)Math.Ceiling(share * total));
        long seen = 0;
        for (var bucket = 0; bucket < _taken.Length; bucket++)
        {
            seen += _taken[bucket];
            if (seen >= rank)
                return TimeSpan.FromTicks(MiddleOf(bucket));
        }
        return TimeSpan.FromTicks(LargestTicks);
    }

    // Values below 128 have a bucket each: index = value. Above, the octave [2^k, 2^(k+1)) is cut in 64 buckets of
    // width 2^(k-6); their indices follow on from those of the octave before.
    private static int BucketOf(long ticks)
    {
        if (ticks < 2 * BucketsPerOctave)
            return (int)ticks;
        var shift = BitOperations.Log2((ulong)ticks) - BucketsPerOctaveLog2;
        return (shift * BucketsPerOctave) + (int)(ticks >> shift);
    }

    private static long MiddleOf(int bucket)
    {
        if (bucket < 2 * BucketsPerOctave)
            return bucket;
        var shift = (bucket / BucketsPerOctave) - 1;
        var low = (long)(bucket - (shift * BucketsPerOctave)) << shift;
        return low + (1L << shift >> 1);
    }
}
