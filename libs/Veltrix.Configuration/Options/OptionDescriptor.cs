namespace Veltrix.Configuration.Options;

/// <summary>What there is to know about one option. Type and default come from the record that holds it.</summary>
/// <param name="Path">Its place: <c>clusters[].topics[].partitions</c>.</param>
/// <param name="Unit">Its unit, in words.</param>
/// <param name="Range">Allowed numbers, or entries of a list; null where there is no such range.</param>
/// <param name="Summary">What it is, a sentence.</param>
public sealed record OptionDescriptor(string Path, string Unit, OptionRange? Range, string Summary)
{
    /// <summary>What it does to latency; null where it does nothing.</summary>
    public string? Latency { get; init; }

    /// <summary>What it does to throughput; null where it does nothing.</summary>
    public string? Throughput { get; init; }

    /// <summary>What it does to memory or disk; null where it does nothing.</summary>
    public string? Memory { get; init; }

    /// <summary>What it does to loss, order or duplicates; null where it does nothing.</summary>
    public string? Loss { get; init; }

    /// <summary>A value that makes sense, as JSON.</summary>
    public required string Example { get; init; }
}
