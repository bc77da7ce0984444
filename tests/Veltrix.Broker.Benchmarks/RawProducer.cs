using System.Buffers.Binary;
using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using System.Numerics;
using System.Text;

namespace Veltrix.Broker.Benchmarks;

/// <summary>One connection that writes one small batch at a time to one partition: a thousand of these cost no thousand threads.</summary>
internal sealed class RawProducer : IDisposable
{
    private const int BatchHeaderBytes = 61;
    private const int ValueBytes = 200;
    private readonly Socket _socket;
    private readonly byte[] _request;
    private readonly byte[] _answer = new byte[4096];

    public RawProducer(int port, string topic, int partition)
    {
        _request = Request(topic, partition);
        _socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        _socket.Connect(IPAddress.Loopback, port);
    }

    /// <summary>Writes the batch and waits for its acknowledgement.</summary>
    public async Task<TimeSpan> ProduceAsync(CancellationToken cancellation)
    {
        var started = Stopwatch.GetTimestamp();
        await _socket.SendAsync(_request, cancellation);
        await ReceiveAsync(_answer.AsMemory(0, sizeof(int)), cancellation);
        var bytes = BinaryPrimitives.ReadInt32BigEndian(_answer);
        await ReceiveAsync(_answer.AsMemory(0, bytes), cancellation);
        CheckError(bytes);
        return Stopwatch.GetElapsedTime(started);
    }

    public void Dispose() => _socket.Dispose();

    private async Task ReceiveAsync(Memory<byte> target, CancellationToken cancellation)
    {
        while (target.Length > 0)
        {
            var count = await _socket.ReceiveAsync(target, cancellation);
            if (count == 0)
                throw new IOException("The broker closed the connection.");
            target = target[count..];
        }
    }

    private void CheckError(int bytes)
    {
        // From the end (version 7): throttle time 4, log start 8, append time 8, base offset 8, then the error.
        var error = BinaryPrimitives.ReadInt16BigEndian(_answer.AsSpan(bytes - 30));
        if (error != 0)
            throw new InvalidOperationException($"The broker answered error {error}.");
    }

    private static byte[] Request(string topic, int partition)
    {
        using var content = new MemoryStream();
        Write16(0);
        Write16(7);
        Write32(1);
        WriteText("raw");
        Write16(-1);
        Write16(-1);
        Write32(30_000);
        Write32(1);
        WriteText(topic);
        Write32(1);
        Write32(partition);
        var batch = Batch();
        Write32(batch.Length);
        content.Write(batch);
        var frame = new byte[sizeof(int) + content.Length];
        BinaryPrimitives.WriteInt32BigEndian(frame, (int)content.Length);
        content.ToArray().CopyTo(frame, sizeof(int));
        return frame;

        void Write16(short value)
        {
            Span<byte> bytes = stackalloc byte[sizeof(short)];
            BinaryPrimitives.WriteInt16BigEndian(bytes, value);
            content.Write(bytes);
        }

        void Write32(int value)
        {
            Span<byte> bytes = stackalloc byte[sizeof(int)];
            BinaryPrimitives.WriteInt32BigEndian(bytes, value);
            content.Write(bytes);
        }

        void WriteText(string text)
        {
            Write16((short)text.Length);
            content.Write(Encoding.ASCII.GetBytes(text));
        }
    }

    /// <summary>One record in batch format 2: no key, no headers.</summary>
    private static byte[] Batch()
    {
        // Lengths as zigzag varints: the record's own, attributes, two deltas, key -1, value, headers 0.
        byte[] before = [0, 0, 0, 1, .. Varint(ValueBytes)];
        var value = new byte[ValueBytes];
        new Random(1).NextBytes(value);
        byte[] record = [.. Varint(before.Length + ValueBytes + 1), .. before, .. value, 0];
        byte[] batch = [.. new byte[BatchHeaderBytes], .. record];
        BinaryPrimitives.WriteInt32BigEndian(batch.AsSpan(8), batch.Length - 12);
        batch[16] = 2;
        var now = DateTimeOffset.UtcNow.ToUnixTimeMilliseconds();
        BinaryPrimitives.WriteInt64BigEndian(batch.AsSpan(27), now);
        BinaryPrimitives.WriteInt64BigEndian(batch.AsSpan(35), now);
        batch.AsSpan(43, 14).Fill(0xFF);
        BinaryPrimitives.WriteInt32BigEndian(batch.AsSpan(57), 1);
        var crc = uint.MaxValue;
        foreach (var part in batch.AsSpan(21))
            crc = BitOperations.Crc32C(crc, part);
        BinaryPrimitives.WriteUInt32BigEndian(batch.AsSpan(17), ~crc);
        return batch;
    }

    private static byte[] Varint(int value)
    {
        var zigzag = (uint)((value << 1) ^ (value >> 31));
        var bytes = new List<byte>();
        for (; zigzag >= 0x80; zigzag >>= 7)
            bytes.Add((byte)(zigzag | 0x80));
        bytes.Add((byte)zigzag);
        return [.. bytes];
    }
}
