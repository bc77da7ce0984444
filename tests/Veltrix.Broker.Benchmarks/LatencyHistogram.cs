using System.Numerics;

namespace Veltrix.Broker.Benchmarks;

/// <summary>Latencies in buckets at most 3 % wide (32 for each power of two): bounded memory, no allocation.</summary>
internal sealed class LatencyHistogram
{
    private const int StepBits = 5;
    private readonly long[] _counts = new long[64 << StepBits];
    private long _total;

    public void Record(long microseconds)
    {
        _counts[BucketOf(Math.Max(1, microseconds))]++;
        _total++;
    }

    public void Add(LatencyHistogram other)
    {
        for (var bucket = 0; bucket < _counts.Length; bucket++)
            _counts[bucket] += other._counts[bucket];
        _total += other._total;
    }

    public double Milliseconds(double percentile)
    {
        var wanted = (long)Math.Ceiling(_total * percentile / 100);
        var seen = 0L;
        for (var bucket = 0; bucket < _counts.Length; bucket++)
        {
            seen += _counts[bucket];
            if (seen >= wanted && seen > 0)
                return UpperBound(bucket) / 1000.0;
        }
        return 0;
    }

    public override string ToString() =>
        $"p50 {Milliseconds(50):F2} ms, p99 {Milliseconds(99):F2} ms, p99.9 {Milliseconds(99.9):F2} ms";

    private static int BucketOf(long value)
    {
        var power = BitOperations.Log2((ulong)value);
        var step = power < StepBits ? value << (StepBits - power) : value >> (power - StepBits);
        return (power << StepBits) + (int)(step & ((1 << StepBits) - 1));
    }

    private static double UpperBound(int bucket)
    {
        var steps = (bucket & ((1 << StepBits) - 1)) + 1;
        return Math.Pow(2, bucket >> StepBits) * (1 + steps / (double)(1 << StepBits));
    }
}
