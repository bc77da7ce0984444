using System.Buffers.Binary;
using System.Net.Sockets;

namespace Veltrix.Conformance.Tests.Wire;

/// <summary>Speaks the protocol as protocol.txt describes it, in any version, with nothing of any Kafka library.</summary>
internal sealed class WireClient : IDisposable
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(30);
    private readonly TcpClient _client = new();
    private int _correlationId;

    public static async Task<WireClient> ConnectAsync(string servers)
    {
        var client = new WireClient();
        var address = servers.Split(',')[0].Split(':');
        await client._client.ConnectAsync(address[0], int.Parse(address[1]));
        return client;
    }

    /// <summary>Sends a request and decodes its response, to the last byte.</summary>
    public async Task<Fields> SendAsync(string name, short version, Fields request)
    {
        var api = WireProtocol.Api(name);
        var flexible = version >= api.FirstFlexible;
        var correlationId = ++_correlationId;
        await SendFrameAsync(Frame(api, version, flexible, correlationId, request));
        var reader = new WireReader(await ReceiveFrameAsync(), version, flexible);
        reader.ReadInt32().ShouldBe(correlationId);
        if (flexible && name != "ApiVersions")
            reader.SkipTags();
        var response = reader.Read(api.Response);
        reader.Left.ShouldBe(0, $"{name} version {version} has more than it should");
        return response;
    }

    public async Task SendFrameAsync(byte[] frame)
    {
        var size = new byte[4];
        BinaryPrimitives.WriteInt32BigEndian(size, frame.Length);
        await _client.GetStream().WriteAsync((byte[])[.. size, .. frame]);
    }

    /// <summary>Announces a request, and sends nothing of it.</summary>
    public async Task SendSizeAsync(int bytes)
    {
        var size = new byte[4];
        BinaryPrimitives.WriteInt32BigEndian(size, bytes);
        await _client.GetStream().WriteAsync(size);
    }

    public async Task SendBytesAsync(byte[] bytes) => await _client.GetStream().WriteAsync(bytes);

    public async Task<byte[]> ReceiveFrameAsync()
    {
        using var limit = new CancellationTokenSource(Limit);
        var size = new byte[4];
        await _client.GetStream().ReadExactlyAsync(size, limit.Token);
        var frame = new byte[BinaryPrimitives.ReadInt32BigEndian(size)];
        await _client.GetStream().ReadExactlyAsync(frame, limit.Token);
        return frame;
    }

    /// <summary>Waits for the beginning of an answer, whose rest may stay where it is.</summary>
    public async Task ReceiveByteAsync()
    {
        using var limit = new CancellationTokenSource(Limit);
        await _client.GetStream().ReadExactlyAsync(new byte[1], limit.Token);
    }

    /// <summary>Sends no more, and reads until the other side has closed the connection.</summary>
    public async Task DrainAsync()
    {
        using var limit = new CancellationTokenSource(Limit);
        var bytes = new byte[64 * 1024];
        try
        {
            _client.Client.Shutdown(SocketShutdown.Send);
            while (await _client.Client.ReceiveAsync(bytes, limit.Token) > 0)
                continue;
        }
        catch (SocketException)
        {
            // Closed with bytes that nobody wanted to read any more.
        }
    }

    /// <summary>Whether the other side has closed the connection, or does so now.</summary>
    public async Task<bool> IsClosedAsync()
    {
        using var limit = new CancellationTokenSource(Limit);
        try
        {
            return await _client.GetStream().ReadAsync(new byte[1], limit.Token) == 0;
        }
        catch (IOException)
        {
            return true;
        }
    }

    public void Dispose() => _client.Dispose();

    /// <summary>Header and body of a request, without the size in front.</summary>
    public static byte[] Frame(WireApi api, short version, bool flexible, int correlationId, Fields request)
    {
        var header = new WireWriter(version, flexible: false);
        header.WriteInt16(api.Key);
        header.WriteInt16(version);
        header.WriteInt32(correlationId);
        header.WriteInt16(-1);
        var body = new WireWriter(version, flexible);
        if (flexible)
            body.WriteNoTags();
        body.Write(api.Request, request);
        return [.. header.ToArray(), .. body.ToArray()];
    }
}
