using Veltrix.Broker.Protocol;
using Veltrix.Conformance.Tests.Wire;

namespace Veltrix.Broker.Tests.Golden;

/// <summary>Request and response frames, decoded and encoded by the protocol's description alone.</summary>
internal static class WireFrame
{
    /// <summary>Decodes a request to its last byte, and encodes it again.</summary>
    public static byte[] RecodeRequest(WireApi api, short version, byte[] frame, out Fields fields)
    {
        var flexible = version >= api.FirstFlexible;
        var body = BodyOf(frame, flexible);
        var reader = new WireReader(frame[body..], version, flexible);
        fields = reader.Read(api.Request);
        reader.Left.ShouldBe(0);
        var writer = new WireWriter(version, flexible);
        writer.Write(api.Request, fields);
        return [.. frame[..body], .. writer.ToArray()];
    }

    /// <summary>Decodes a response to its last byte, and encodes it again.</summary>
    public static byte[] RecodeResponse(WireApi api, short version, byte[] frame, out Fields fields)
    {
        var flexible = version >= api.FirstFlexible;
        // Correlation id, then tags; there are none.
        var body = flexible && api.Key != (short)ApiKey.ApiVersions ? 5 : 4;
        var reader = new WireReader(frame[body..], version, flexible);
        fields = reader.Read(api.Response);
        reader.Left.ShouldBe(0);
        var writer = new WireWriter(version, flexible);
        writer.Write(api.Response, fields);
        return [.. frame[..body], .. writer.ToArray()];
    }

    private static int BodyOf(byte[] frame, bool flexible)
    {
        var reader = new ProtocolReader(frame, flexible: false);
        reader.ReadInt64();
        reader.ReadNullableString();
        // No client sends tags in the header.
        return flexible ? reader.Position + 1 : reader.Position;
    }
}
