using System.Collections.Frozen;
using System.Text;
using Confluent.Kafka;
using Veltrix.Configuration;
using Veltrix.Events;

namespace Veltrix.Ingest.Routing;

/// <summary>Where the events of a type go.</summary>
/// <param name="Topic">The topic.</param>
/// <param name="MaximumBytes">Largest record, in bytes.</param>
/// <param name="Key">Which attribute is the record's key.</param>
/// <param name="TypeHeader">The record's header for the type; null for a prefix, whose events differ in type.</param>
internal sealed record EventRoute(string Topic, int MaximumBytes, EventKey Key, Header? TypeHeader)
{
    /// <summary>The record's key of <paramref name="item"/>.</summary>
    public ReadOnlySpan<byte> KeyOf(CloudEvent item) =>
        Key switch
        {
            EventKey.Subject when !item.Subject.IsEmpty => item.Subject,
            EventKey.Subject or EventKey.Id => item.Id,
            EventKey.Source => item.Source,
            _ => item.Key,
        };
}

/// <summary>
/// The event types of one configuration version, compiled for look-up by the bytes of a type. The first entry of the
/// configuration that matches wins, exact ones and prefixes alike.
/// </summary>
internal sealed class RouteTable
{
    private readonly FrozenDictionary<byte[], EventRoute> _exact;
    private readonly FrozenDictionary<byte[], EventRoute>.AlternateLookup<ReadOnlySpan<byte>> _lookup;
    private readonly (byte[] Prefix, EventRoute EventRoute)[] _prefixes;

    public RouteTable(ConfigurationVersion version)
    {
        Version = version;
        var types = version.Configuration.EventTypes;
        int MaximumBytes(EventTypeConfiguration type) =>
            type.MaximumBytes ?? version.Configuration.Ingest.MaximumEventBytes;
        // A prefix before an exact entry hides it: resolving that here keeps the look-up at one hash.
        _exact = types
            .Where(type => !IsPrefix(type))
            .Select(type =>
                (Key: Encoding.UTF8.GetBytes(type.Type), First: types.First(other => other.Matches(type.Type)))
            )
            .DistinctBy(entry => entry.Key, Utf8Comparer.Instance)
            .ToFrozenDictionary(
                entry => entry.Key,
                entry => new EventRoute(
                    entry.First.Topic,
                    MaximumBytes(entry.First),
                    entry.First.Key,
                    new Header(CloudEventHeaders.Type, entry.Key)
                ),
                Utf8Comparer.Instance
            );
        _lookup = _exact.GetAlternateLookup<ReadOnlySpan<byte>>();
        _prefixes =
        [
            .. types
                .Where(IsPrefix)
                .Select(type =>
                    (
                        Encoding.UTF8.GetBytes(type.Type[..^1]),
                        new EventRoute(type.Topic, MaximumBytes(type), type.Key, TypeHeader: null)
                    )
                ),
        ];
    }

    /// <summary>The version that this is made from.</summary>
    public ConfigurationVersion Version { get; }

    /// <summary>The route of a type; null when the configuration has none.</summary>
    public EventRoute? Find(ReadOnlySpan<byte> type)
    {
        if (_lookup.TryGetValue(type, out var exact))
            return exact;
        foreach (var (prefix, route) in _prefixes)
            if (type.StartsWith(prefix))
                return route;
        return null;
    }

    private static bool IsPrefix(EventTypeConfiguration type) => type.Type.EndsWith(".*", StringComparison.Ordinal);
}
