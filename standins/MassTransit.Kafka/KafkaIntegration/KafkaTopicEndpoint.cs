using System.Diagnostics;
using Confluent.Kafka;
using MassTransit.Logging;

namespace MassTransit.KafkaIntegration;

/// <summary>When offsets are committed: whichever comes first.</summary>
internal readonly record struct KafkaCheckpointSettings(TimeSpan Interval, ushort MessageCount);

/// <summary>Reads one topic, by the batch scope where there is one, else message by message as the genuine rider does.</summary>
internal sealed class KafkaTopicEndpoint(
    string topic,
    ConsumerConfig settings,
    Func<ConsumeResult<byte[], byte[]>, object[], Task> dispatch,
    KafkaCheckpointSettings checkpoint,
    IKafkaBatchScope? scope,
    ILogContext? log
)
{
    private static readonly TimeSpan Tick = TimeSpan.FromMilliseconds(100);

    private readonly CancellationTokenSource _stopping = new();
    private Task _running = Task.CompletedTask;

    public void Start() =>
        _running = scope is null
            ? Task.Run(RunAsync)
            : Task.Run(() => scope.RunAsync(new KafkaBatchEndpoint(topic, settings, dispatch), _stopping.Token));

    public async Task StopAsync(CancellationToken cancellation)
    {
        await _stopping.CancelAsync();
        await _running.WaitAsync(cancellation).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
    }

    private async Task RunAsync()
    {
        LogContext.SetCurrentIfNull(log);
        using var consumer = new ConsumerBuilder<byte[], byte[]>(settings).Build();
        consumer.Subscribe(topic);
        var uncommitted = new Dictionary<TopicPartition, Offset>();
        var count = 0;
        var since = Stopwatch.GetTimestamp();
        while (!_stopping.IsCancellationRequested)
        {
            if (Consume(consumer) is { } result)
            {
                // A handler's failure was logged and discarded by the pipe: the record counts as done.
                await dispatch(result, []);
                uncommitted[result.TopicPartition] = result.Offset + 1;
                count++;
            }
            if (
                count == 0
                || (count < checkpoint.MessageCount && Stopwatch.GetElapsedTime(since) < checkpoint.Interval)
            )
                continue;
            Commit(consumer, uncommitted);
            count = 0;
            since = Stopwatch.GetTimestamp();
        }
        Commit(consumer, uncommitted);
        consumer.Close();
    }

    private static ConsumeResult<byte[], byte[]>? Consume(IConsumer<byte[], byte[]> consumer)
    {
        try
        {
            return consumer.Consume(Tick);
        }
        catch (ConsumeException failure) when (!failure.Error.IsFatal)
        {
            LogContext.Warning?.Log(failure, "Consuming failed for now: {Reason}", failure.Error.Reason);
            return null;
        }
    }

    private static void Commit(IConsumer<byte[], byte[]> consumer, Dictionary<TopicPartition, Offset> offsets)
    {
        try
        {
            if (offsets.Count > 0)
                consumer.Commit(offsets.Select(entry => new TopicPartitionOffset(entry.Key, entry.Value)));
        }
        catch (KafkaException failure)
        {
            LogContext.Warning?.Log(failure, "Offsets were not committed: {Reason}", failure.Error.Reason);
        }
        offsets.Clear();
    }
}
