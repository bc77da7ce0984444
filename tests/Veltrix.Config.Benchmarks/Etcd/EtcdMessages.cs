namespace Veltrix.Config.Benchmarks.Etcd;

/// <summary>The three messages of etcd's <c>rpc.proto</c> that are needed here, in protobuf's wire format.</summary>
internal static class EtcdMessages
{
    public const string Watch = "/etcdserverpb.Watch/Watch";
    public const string Put = "/etcdserverpb.KV/Put";

    // Numbers of fields; all of them have wire type 2, a length and that many bytes.
    private const int WatchRequestCreate = 1;
    private const int CreateKey = 1;
    private const int PutKey = 1;
    private const int PutValue = 2;

    /// <summary><c>WatchRequest { create_request { key } }</c></summary>
    public static byte[] WatchRequest(ReadOnlySpan<byte> key) => Field(WatchRequestCreate, Field(CreateKey, key));

    /// <summary><c>PutRequest { key, value }</c></summary>
    public static byte[] PutRequest(ReadOnlySpan<byte> key, ReadOnlySpan<byte> value) =>
        [.. Field(PutKey, key), .. Field(PutValue, value)];

    private static byte[] Field(int number, ReadOnlySpan<byte> bytes)
    {
        const int WireTypeBits = 3;
        const int LengthDelimited = 2;
        var field = new List<byte> { (byte)((number << WireTypeBits) | LengthDelimited) };
        var length = (uint)bytes.Length;
        for (; length > 0x7F; length >>= 7)
            field.Add((byte)(length | 0x80));
        field.Add((byte)length);
        return [.. field, .. bytes];
    }
}
