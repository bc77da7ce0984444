using System.Numerics;

namespace Veltrix.Cli.Load;

/// <summary>
/// Counts latencies in microseconds, exact below 2,048 and within 0.1 % above: each power of two is split into 1,024 equal
/// buckets, as HdrHistogram does it. Fixed memory, whatever is recorded. Recording is thread-safe.
/// </summary>
internal sealed class LatencyHistogram
{
    private const int SubBucketBits = 10;
    private const int SubBuckets = 1 << SubBucketBits;
    private const double MicrosecondsPerMillisecond = 1_000;

    private readonly long[] _counts = new long[(64 - SubBucketBits) * SubBuckets];
    private long _total;

    public long Count => Volatile.Read(ref _total);

    public void Record(long microseconds, long times = 1)
    {
        Interlocked.Add(ref _counts[IndexOf(Math.Max(0, microseconds))], times);
        Interlocked.Add(ref _total, times);
    }

    /// <summary>The latency that <paramref name="fraction"/> of all do not exceed, in milliseconds; null when there is none.</summary>
    public double? PercentileMilliseconds(double fraction)
    {
        var rank = Math.Max(1, (long)Math.Ceiling(fraction * Count));
        long seen = 0;
        for (var index = 0; index < _counts.Length; index++)
        {
            seen += _counts[index];
            if (seen >= rank)
                return HighestOf(index) / MicrosecondsPerMillisecond;
        }
        return null;
    }

    // The first 2,048 values have buckets of their own; beyond, the highest 11 bits of the value say which bucket.
    private static int IndexOf(long value)
    {
        var shift = Math.Max(0, BitOperations.Log2((ulong)value | 1) - SubBucketBits);
        return (shift << SubBucketBits) + (int)(value >> shift);
    }

    private static long HighestOf(int index)
    {
        var shift = Math.Max(0, (index >> SubBucketBits) - 1);
        var value = (long)(index - (shift << SubBucketBits));
        return ((value + 1) << shift) - 1;
    }
}
