namespace Veltrix.Configuration;

/// <summary>Routes events of a type to a topic.</summary>
/// <param name="Type">CloudEvents type; a trailing <c>.*</c> matches every type with that prefix.</param>
/// <param name="Topic">Name of a topic of the clusters.</param>
/// <param name="MaximumBytes">Largest record of this type, in bytes; null means <c>ingest.maximumEventBytes</c>.</param>
/// <param name="Key">Which attribute is the record's key.</param>
public sealed record EventTypeConfiguration(
    string Type,
    string Topic,
    int? MaximumBytes = null,
    EventKey Key = EventKey.PartitionKey
)
{
    /// <summary>Whether <paramref name="type"/> is this type, or begins with its prefix.</summary>
    public bool Matches(string type) =>
        Type.EndsWith(".*", StringComparison.Ordinal)
            ? type.AsSpan().StartsWith(Type.AsSpan(0, Type.Length - 1), StringComparison.Ordinal)
            : string.Equals(Type, type, StringComparison.Ordinal);

    /// <summary>Whether there can be an event of both this entry and <paramref name="type"/>, a type or a prefix.</summary>
    public bool Overlaps(string type) => Matches(type) || new EventTypeConfiguration(type, Topic).Matches(Type);
}
