using System.Numerics;

namespace Veltrix.Configuration;

/// <summary>
/// Buckets of durations whose width grows with the value (log-linear, as HdrHistogram has it): each power of two is cut in
/// 2^<paramref name="Precision"/> equal ones, so that a bucket's middle is at most 1/2^(Precision + 1) from every value in it.
/// Values are ticks of 100 ns; those beyond 114 minutes count as that.
/// </summary>
/// <param name="Precision">Binary logarithm of the buckets per power of two.</param>
public readonly record struct LogLinearBuckets(int Precision)
{
    private const int LargestLog2 = 36;
    private const long LargestTicks = (1L << LargestLog2) - 1;

    /// <summary>How many buckets there are.</summary>
    public int Count => (LargestLog2 - Precision + 1) << Precision;

    // Values below 2^(Precision + 1) have a bucket each: index = value. Above, the octave [2^k, 2^(k+1)) is cut in buckets of
    // width 2^(k - Precision); their indices follow on from those of the octave before.

    /// <summary>The bucket of a value; a negative one counts as zero.</summary>
    public int IndexOf(long ticks)
    {
        ticks = Math.Clamp(ticks, 0, LargestTicks);
        var shift = Math.Max(0, BitOperations.Log2((ulong)ticks | 1) - Precision);
        return (shift << Precision) + (int)(ticks >> shift);
    }

    /// <summary>The smallest value of a bucket, in ticks.</summary>
    public long LowestOf(int index)
    {
        var shift = ShiftOf(index);
        return (long)(index - (shift << Precision)) << shift;
    }

    /// <summary>The middle of a bucket, in ticks.</summary>
    public long MiddleOf(int index) => LowestOf(index) + (1L << ShiftOf(index) >> 1);

    private int ShiftOf(int index) => Math.Max(0, (index >> Precision) - 1);
}
