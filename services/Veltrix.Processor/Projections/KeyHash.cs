namespace Veltrix.Processor.Projections;

/// <summary>FNV-1a with 32 bits: spreads keys over workers; nothing outlives the batch, so it may change at any time.</summary>
internal static class KeyHash
{
    private const uint OffsetBasis = 2166136261;
    private const uint Prime = 16777619;

    public static uint Of(ReadOnlySpan<byte> key)
    {
        var hash = OffsetBasis;
        foreach (var value in key)
            hash = (hash ^ value) * Prime;
        // The low bits alone, which the remainder takes, are the weakest of FNV.
        return hash ^ (hash >> 16);
    }
}
