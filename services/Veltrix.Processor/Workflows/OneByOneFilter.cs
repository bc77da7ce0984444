using System.Text;
using Confluent.Kafka;
using MassTransit;
using Veltrix.Processor.Database;

namespace Veltrix.Processor.Workflows;

/// <summary>
/// Keeps the promise of "nothing is lost" where messages are handled one by one: the genuine rider discards a message
/// whose handler throws and commits its offset, so no exception may reach it. What passes by itself is waited for; what
/// does not goes to the dead letters.
/// </summary>
internal sealed partial class OneByOneFilter(
    WorkflowOutcomes outcomes,
    TimeProvider time,
    ILogger<OneByOneFilter> logger,
    CancellationToken stopping
) : IFilter<ConsumeContext>
{
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(500);

    public void Probe(ProbeContext context) => context.CreateFilterScope("oneByOne");

    public async Task Send(ConsumeContext context, IPipe<ConsumeContext> next)
    {
        Exception? refusal = null;
        while (true)
        {
            try
            {
                if (refusal is null)
                    await next.Send(context);
                else
                    await outcomes.PutAsideAsync(
                        new DeadLetter(Record(context), WorkflowOutcomes.Fault(refusal)),
                        stopping
                    );
                return;
            }
            catch (Exception failure) when (!stopping.IsCancellationRequested)
            {
                if (TransientFailure.Is(failure))
                {
                    outcomes.AttemptFailed();
                    Log.Repeating(logger, failure);
                }
                else
                    refusal = failure;
            }
            if (refusal is null)
                await Task.Delay(Pause, time, stopping);
        }
    }

    private static ConsumeResult<byte[], byte[]> Record(ConsumeContext context)
    {
        var origin = context.GetPayload<KafkaConsumeContext<string>>();
        var headers = new Confluent.Kafka.Headers();
        foreach (var (name, value) in context.ReceiveContext.TransportHeaders.GetAll())
            headers.Add(name, Encoding.UTF8.GetBytes(value?.ToString() ?? ""));
        return new ConsumeResult<byte[], byte[]>
        {
            Topic = origin.Topic,
            Partition = origin.Partition,
            Offset = origin.Offset,
            Message = new Message<byte[], byte[]>
            {
                Key = Encoding.UTF8.GetBytes(origin.Key ?? ""),
                Value = context.ReceiveContext.Body.GetBytes(),
                Headers = headers,
            },
        };
    }

    private static partial class Log
    {
        [LoggerMessage(1, LogLevel.Warning, "An event of a workflow failed for now and is repeated")]
        public static partial void Repeating(Microsoft.Extensions.Logging.ILogger logger, Exception failure);
    }
}
