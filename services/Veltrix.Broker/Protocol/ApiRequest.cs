using Veltrix.Broker.Network;

namespace Veltrix.Broker.Protocol;

/// <summary>One request frame: header (v1, or v2 in flexible versions) and body.</summary>
/// <param name="Api">Which request it is.</param>
/// <param name="Version">Its version.</param>
/// <param name="CorrelationId">Repeated in the response.</param>
/// <param name="ClientId">The client's name for itself.</param>
/// <param name="ClientHost">Where it comes from.</param>
/// <param name="Flexible">Whether the version has compact types and tagged fields.</param>
/// <param name="Session">What the connection has shown about who it is.</param>
/// <param name="Body">What follows the header. Writable: produced batches are patched in place.</param>
internal readonly record struct ApiRequest(
    ApiKey Api,
    short Version,
    int CorrelationId,
    string? ClientId,
    string ClientHost,
    bool Flexible,
    ClientSession Session,
    Memory<byte> Body
)
{
    public ProtocolReader Read() => new(Body.Span, Flexible);
}
