using System.Diagnostics;

namespace Veltrix.Broker.Benchmarks;

/// <summary>How long it takes from the start of the process to the first acknowledged message, with a large log.</summary>
internal sealed class Starts(string programDirectory, string dataDirectory)
{
    private const int ValueBytes = 200;
    private const int Runs = 5;

    private static readonly Dictionary<string, string> Idempotent = new()
    {
        ["linger.ms"] = "5",
        ["batch.size"] = "1000000",
        ["acks"] = "all",
        ["enable.idempotence"] = "true",
    };

    public void Run(int gigabytes)
    {
        using var broker = new BrokerUnderTest(programDirectory, dataDirectory);
        broker.Launch();
        broker.WaitUntilListening();
        var messages = (int)(gigabytes * 1e9 / (ValueBytes + 10));
        Topics.Create(broker.Servers, "large", 10);
        using (var producer = new NativeProducer(broker.Servers, "large", Idempotent))
            producer.Produce(messages, ValueBytes, 10);
        Topics.Create(broker.Servers, "first", 1);
        for (var run = 0; run < Runs; run++)
        {
            Console.WriteLine(
                $"| clean stop with {gigabytes} GB of log | {broker.Terminate().TotalMilliseconds:F0} ms |"
            );
            Console.WriteLine($"| start to first acknowledged message | {FirstProduce(broker):F0} ms |");
        }
        for (var run = 0; run < Runs; run++)
        {
            using (var producer = new NativeProducer(broker.Servers, "large", Idempotent))
            {
                producer.Produce(2_000_000, ValueBytes, 10);
                broker.Kill();
            }
            Console.WriteLine(
                $"| kill -9 under load, start to first acknowledged message | {FirstProduce(broker):F0} ms |"
            );
        }
    }

    private static double FirstProduce(BrokerUnderTest broker)
    {
        var started = Stopwatch.GetTimestamp();
        broker.Launch();
        broker.WaitUntilListening();
        using var producer = new RawProducer(broker.Port, "first", 0);
        producer.ProduceAsync(CancellationToken.None).GetAwaiter().GetResult();
        return Stopwatch.GetElapsedTime(started).TotalMilliseconds;
    }
}
