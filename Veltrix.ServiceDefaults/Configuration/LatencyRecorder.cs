using Veltrix.Configuration;

namespace Veltrix.ServiceDefaults.Configuration;

/// <summary>Records latencies to within 1 %, from 100 ns to 114 minutes. Recording is one interlocked addition.</summary>
internal sealed class LatencyRecorder
{
    /// <summary>64 per power of two.</summary>
    private static readonly LogLinearBuckets Buckets = new(6);

    private readonly long[] _counts = new long[Buckets.Count];
    private readonly LatencyCounts _taken = new(Buckets);
    private readonly LatencyCounts _reported = new(LatencyHistogram.Buckets);

    public void Record(TimeSpan latency, long count) =>
        Interlocked.Add(ref _counts[Buckets.IndexOf(latency.Ticks)], count);

    /// <summary>What was recorded since the last call, which starts anew. One caller at a time.</summary>
    /// <returns>Null for each when nothing was recorded.</returns>
    public (TimeSpan? P50, TimeSpan? P99, LatencyHistogram? Histogram) Take()
    {
        _taken.Clear();
        _reported.Clear();
        for (var bucket = 0; bucket < _counts.Length; bucket++)
            _taken.Add(bucket, Interlocked.Exchange(ref _counts[bucket], 0));
        _reported.Add(_taken);
        return (_taken.Percentile(0.50), _taken.Percentile(0.99), _reported.ToHistogram());
    }
}
