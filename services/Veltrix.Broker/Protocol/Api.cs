namespace Veltrix.Broker.Protocol;

/// <summary>One request type: the versions it is advertised and handled in, and its answer.</summary>
internal abstract class Api(ApiKey key, short minimumVersion, short maximumVersion, short firstFlexibleVersion)
{
    public const short NeverFlexible = short.MaxValue;

    public ApiKey Key { get; } = key;

    /// <summary>Its name, made once: every request is counted under it.</summary>
    public string Name { get; } = key.ToString();

    public short MinimumVersion => minimumVersion;

    public short MaximumVersion => maximumVersion;

    /// <summary>The lowest version that clients are told of.</summary>
    public virtual short AdvertisedMinimumVersion => minimumVersion;

    public bool IsFlexible(short version) => version >= firstFlexibleVersion;

    /// <summary>Reads <paramref name="request"/> and writes the body of its response.</summary>
    public abstract ValueTask AnswerAsync(ApiRequest request, ProtocolWriter response, CancellationToken cancellation);
}
