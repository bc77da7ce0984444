using System.Collections.Frozen;
using Veltrix.Configuration;
using Veltrix.Events;

namespace Veltrix.ServiceDefaults.Configuration;

/// <summary>Counts errors by their code. As many counters as the catalogue has entries; counting is lock-free and allocates nothing.</summary>
internal sealed class ErrorCounter
{
    private static readonly FrozenDictionary<string, int> Indices = ErrorCatalogue
        .All.Select((error, index) => KeyValuePair.Create(error.Code, index))
        .ToFrozenDictionary(StringComparer.Ordinal);

    private readonly long[] _counts = new long[ErrorCatalogue.All.Count];

    public void Add(Error error, long count) => Interlocked.Add(ref _counts[Indices[error.Code]], count);

    /// <summary>What was counted since the last call, which starts anew.</summary>
    /// <returns>The sum, and the most frequent codes; null for these when there were no errors.</returns>
    public (long Total, IReadOnlyList<ErrorCount>? ByCode) Take()
    {
        long total = 0;
        Dictionary<string, long>? counts = null;
        for (var index = 0; index < _counts.Length; index++)
        {
            if (Interlocked.Exchange(ref _counts[index], 0) is not (> 0 and var count))
                continue;
            total += count;
            (counts ??= new(StringComparer.Ordinal))[ErrorCatalogue.All[index].Code] = count;
        }
        return (total, counts is null ? null : NodeReport.MostFrequent(counts));
    }
}
