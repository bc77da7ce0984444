using System.Buffers.Binary;
using System.Net;
using System.Net.Sockets;
using Veltrix.Conformance.Tests.Wire;

namespace Veltrix.Broker.Tests.Clients;

/// <summary>Requests of one connection that come together, or in pieces.</summary>
public sealed class PipeliningTests
{
    private const int Requests = 200;

    /// <summary>Around the sizes at which a request is received in another way.</summary>
    private static readonly int[] Sizes = [200, 4000, 4200, 20_000, 65_000, 65_400, 65_600, 66_000, 140_000, 700_000];

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public async Task Requests_InPiecesOfAnySize_AreAnsweredInTheirOrder(int seed)
    {
        await using var broker = await TestBroker.StartAsync(options => options.MaximumProducesInFlight = 2 * Requests);
        using var admin = await WireClient.ConnectAsync(broker.Servers);
        await admin.CreateTopicAsync("topic");
        var random = new Random(seed);
        using var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        await socket.ConnectAsync(IPAddress.Loopback, broker.Port, TestContext.Current.CancellationToken);
        var bytes = Frames(random);
        var sending = SendInPiecesAsync(socket, bytes, random);
        await using var stream = new NetworkStream(socket);
        for (var correlationId = 0; correlationId < Requests; correlationId++)
            (await ReceiveAsync(stream)).ShouldBe(correlationId);
        await sending;
        broker.Node.Topics.Find("topic")!.Partition(0)!.LogEndOffset.ShouldBe(Requests / 2);
    }

    /// <summary>By turns a batch to append and a question that is answered at once.</summary>
    private static byte[] Frames(Random random)
    {
        using var all = new MemoryStream();
        var size = new byte[sizeof(int)];
        for (var correlationId = 0; correlationId < Requests; correlationId++)
        {
            var frame = correlationId % 2 == 0 ? Produce(correlationId, random) : Ask(correlationId);
            BinaryPrimitives.WriteInt32BigEndian(size, frame.Length);
            all.Write(size);
            all.Write(frame);
        }
        return all.ToArray();
    }

    private static byte[] Produce(int correlationId, Random random)
    {
        var batch = TestBatch.Create(payloadBytes: Sizes[random.Next(Sizes.Length)] + random.Next(-150, 150));
        return WireClient.Frame(
            WireProtocol.Api("Produce"),
            7,
            false,
            correlationId,
            WireRequests.Produce("topic", batch)
        );
    }

    private static byte[] Ask(int correlationId) =>
        WireClient.Frame(WireProtocol.Api("ApiVersions"), 0, false, correlationId, []);

    private static async Task SendInPiecesAsync(Socket socket, ReadOnlyMemory<byte> bytes, Random random)
    {
        while (bytes.Length > 0)
        {
            var piece = Math.Min(bytes.Length, random.Next(1, random.Next(2, 200_000)));
            await socket.SendAsync(bytes[..piece], TestContext.Current.CancellationToken);
            bytes = bytes[piece..];
        }
    }

    /// <summary>The correlation id of the next answer; the error of a produced batch is looked at, too.</summary>
    private static async Task<int> ReceiveAsync(Stream stream)
    {
        var size = new byte[sizeof(int)];
        await stream.ReadExactlyAsync(size, TestContext.Current.CancellationToken);
        var frame = new byte[BinaryPrimitives.ReadInt32BigEndian(size)];
        await stream.ReadExactlyAsync(frame, TestContext.Current.CancellationToken);
        var correlationId = BinaryPrimitives.ReadInt32BigEndian(frame);
        if (correlationId % 2 == 0)
        {
            var reader = new WireReader(frame, version: 7, flexible: false);
            reader.ReadInt32();
            reader
                .Read(WireProtocol.Api("Produce").Response)
                .Only("responses")
                .Only("partitionResponses")
                .Error.ShouldBe<short>(0);
        }
        return correlationId;
    }
}
