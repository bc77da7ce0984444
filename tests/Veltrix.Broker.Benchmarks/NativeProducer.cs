using System.Diagnostics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace Veltrix.Broker.Benchmarks;

/// <summary>One native producer: random values of a fixed size, spread at random over a topic's partitions.</summary>
internal sealed unsafe class NativeProducer : IDisposable
{
    private const int BatchMessages = 1000;
    private const int RandomBytes = 1 << 26;
    private const int RandomMask = RandomBytes - 1;
    private static readonly byte[] Values = RandomValues();

    private readonly GCHandle _self;
    private readonly nint _client;
    private readonly nint _topic;
    private readonly LatencyHistogram _latency = new();
    private readonly int _maximumOutstanding;
    private uint _random = 1;
    private long _sent;
    private long _answered;
    private long _failed;

    /// <param name="servers">Where the broker listens.</param>
    /// <param name="topic">What to write to.</param>
    /// <param name="settings">librdkafka's, beside those.</param>
    /// <param name="maximumOutstanding">Messages without an answer; at this many the producer waits, instead of asking a full queue again and again.</param>
    public NativeProducer(
        string servers,
        string topic,
        IReadOnlyDictionary<string, string> settings,
        int maximumOutstanding = 100_000
    )
    {
        _maximumOutstanding = maximumOutstanding;
        _self = GCHandle.Alloc(this);
        var configuration = NativeLibrdkafka.NewConfiguration();
        Set(configuration, "bootstrap.servers", servers);
        Set(configuration, "queue.buffering.max.messages", $"{2 * maximumOutstanding}");
        foreach (var (name, value) in settings)
            Set(configuration, name, value);
        NativeLibrdkafka.SetDeliveryCallback(configuration, &OnDelivered);
        NativeLibrdkafka.SetOpaque(configuration, GCHandle.ToIntPtr(_self));
        var error = stackalloc byte[512];
        _client = NativeLibrdkafka.New(NativeLibrdkafka.ProducerKind, configuration, error, 512);
        if (_client == 0)
            throw new InvalidOperationException(Marshal.PtrToStringUTF8((nint)error));
        _topic = NativeLibrdkafka.NewTopic(_client, topic, 0);
    }

    /// <param name="MessagesPerSecond">From the first call to the last acknowledgement.</param>
    /// <param name="Latency">From the call to the acknowledgement, the client's queue included.</param>
    public sealed record Result(double MessagesPerSecond, LatencyHistogram Latency);

    /// <param name="messagesPerSecond">Pace; 0 is as fast as it goes.</param>
    public Result Produce(int messages, int valueBytes, int partitions, int messagesPerSecond = 0)
    {
        var batch = stackalloc NativeLibrdkafka.Message[BatchMessages];
        var started = Stopwatch.GetTimestamp();
        fixed (byte* values = Values)
        {
            for (var sent = 0; sent < messages; )
            {
                var count = Math.Min(BatchSize(messagesPerSecond), messages - sent);
                for (var index = 0; index < count; index++)
                {
                    batch[index] = new NativeLibrdkafka.Message
                    {
                        Partition = (int)(Next() % (uint)partitions),
                        Payload = values + (Next() & RandomMask),
                        PayloadBytes = (nuint)valueBytes,
                    };
                }
                Enqueue(batch, count);
                sent += count;
                NativeLibrdkafka.Poll(_client, 0);
                Keep(messagesPerSecond, sent, started);
            }
        }
        while (NativeLibrdkafka.Flush(_client, 1000) != 0) { }
        var seconds = Stopwatch.GetElapsedTime(started).TotalSeconds;
        return _failed == 0
            ? new Result(messages / seconds, _latency)
            : throw new InvalidOperationException($"{_failed} messages failed.");
    }

    public void Dispose()
    {
        NativeLibrdkafka.DestroyTopic(_topic);
        NativeLibrdkafka.Destroy(_client);
        _self.Free();
    }

    private void Enqueue(NativeLibrdkafka.Message* batch, int count)
    {
        while (_sent - _answered > _maximumOutstanding - count)
            NativeLibrdkafka.Poll(_client, 100);
        var flags = NativeLibrdkafka.CopyPayload | NativeLibrdkafka.PartitionPerMessage;
        if (NativeLibrdkafka.ProduceBatch(_topic, -1, flags, batch, count) != count)
            throw new InvalidOperationException("rd_kafka_produce_batch refused messages.");
        _sent += count;
    }

    /// <summary>Xorshift: random enough for a benchmark, and next to free.</summary>
    private uint Next()
    {
        _random ^= _random << 13;
        _random ^= _random >> 17;
        _random ^= _random << 5;
        return _random;
    }

    private static int BatchSize(int messagesPerSecond) =>
        messagesPerSecond == 0 ? BatchMessages : Math.Clamp(messagesPerSecond / 500, 1, BatchMessages);

    /// <summary>Serves acknowledgements until the next messages are due.</summary>
    private void Keep(int messagesPerSecond, int sent, long started)
    {
        if (messagesPerSecond == 0)
            return;
        while (Stopwatch.GetElapsedTime(started).TotalSeconds * messagesPerSecond < sent)
            NativeLibrdkafka.Poll(_client, 1);
    }

    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    private static void OnDelivered(nint client, NativeLibrdkafka.Message* message, nint opaque)
    {
        var producer = (NativeProducer)GCHandle.FromIntPtr(opaque).Target!;
        producer._answered++;
        if (message->Error != 0)
            producer._failed++;
        producer._latency.Record(NativeLibrdkafka.LatencyMicroseconds(message));
    }

    private static void Set(nint configuration, string name, string value)
    {
        var error = stackalloc byte[512];
        if (NativeLibrdkafka.Set(configuration, name, value, error, 512) != 0)
            throw new InvalidOperationException(Marshal.PtrToStringUTF8((nint)error));
    }

    private static byte[] RandomValues()
    {
        var values = new byte[RandomBytes + 1_000_000];
        new Random(1).NextBytes(values);
        return values;
    }
}
