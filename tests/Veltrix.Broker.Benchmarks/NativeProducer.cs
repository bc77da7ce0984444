using System.Diagnostics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace Veltrix.Broker.Benchmarks;

/// <summary>One native producer: random values of a fixed size, spread at random over a topic's partitions.</summary>
internal sealed unsafe class NativeProducer : IDisposable
{
    private const int BatchMessages = 1000;
    private const int RandomBytes = 64 * 1024 * 1024;
    private static readonly byte[] Values = RandomValues();

    private readonly GCHandle _self;
    private readonly nint _client;
    private readonly nint _topic;
    private readonly LatencyHistogram _latency = new();
    private long _failed;

    public NativeProducer(string servers, string topic, IReadOnlyDictionary<string, string> settings)
    {
        _self = GCHandle.Alloc(this);
        var configuration = NativeLibrdkafka.NewConfiguration();
        Set(configuration, "bootstrap.servers", servers);
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
        var random = new Random(1);
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
                        Partition = random.Next(partitions),
                        Payload = values + random.Next(RandomBytes - valueBytes),
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
        var flags = NativeLibrdkafka.CopyPayload | NativeLibrdkafka.PartitionPerMessage;
        while (NativeLibrdkafka.ProduceBatch(_topic, -1, flags, batch, count) != count)
        {
            var left = 0;
            for (var index = 0; index < count; index++)
            {
                if (batch[index].Error == 0)
                    continue;
                if (batch[index].Error != NativeLibrdkafka.QueueFull)
                    throw new InvalidOperationException($"rd_kafka_produce_batch: error {batch[index].Error}");
                batch[left] = batch[index];
                batch[left++].Error = 0;
            }
            count = left;
            NativeLibrdkafka.Poll(_client, 1);
        }
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
        var values = new byte[RandomBytes];
        new Random(1).NextBytes(values);
        return values;
    }
}
