using System.Globalization;

namespace Veltrix.Cli.Load;

/// <summary>Size of an event's data in bytes, from a minimum to a maximum; smaller than what the type needs is not possible.</summary>
internal readonly record struct PayloadSize(int MinimumBytes, int MaximumBytes)
{
    public const int LargestBytes = 10 * 1024 * 1024;

    /// <summary>Parses <c>200</c> or <c>100-2000</c>.</summary>
    public static bool TryParse(string text, out PayloadSize size)
    {
        var parts = text.Split('-');
        size = default;
        if (
            parts.Length > 2
            || !int.TryParse(parts[0], NumberStyles.None, CultureInfo.InvariantCulture, out var minimum)
            || !int.TryParse(parts[^1], NumberStyles.None, CultureInfo.InvariantCulture, out var maximum)
            || minimum > maximum
            || maximum > LargestBytes
        )
            return false;
        size = new(minimum, maximum);
        return true;
    }

    /// <summary>The size for an event: evenly spread, and the same in every run.</summary>
    public int Of(long sequence) =>
        MinimumBytes + (int)(Mix((ulong)sequence) % (ulong)((long)MaximumBytes - MinimumBytes + 1));

    // SplitMix64's finalizer (Steele, Lea, Flood 2014): neighbouring numbers give unrelated sizes.
    private static ulong Mix(ulong value)
    {
        value = (value + 0x9E3779B97F4A7C15) * 0xBF58476D1CE4E5B9;
        value = (value ^ (value >> 27)) * 0x94D049BB133111EB;
        return value ^ (value >> 31);
    }
}
