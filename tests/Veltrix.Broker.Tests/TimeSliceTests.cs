using System.Globalization;
using Confluent.Kafka;
using LibrdkafkaRedist;
using Veltrix.Testing;

namespace Veltrix.Broker.Tests;

/// <summary>Whether the threads that producers wait for ask for short turns.</summary>
public sealed class TimeSliceTests : IDisposable
{
    private const int Many = 40;
    private static readonly bool IsKnown =
        OperatingSystem.IsLinux() && Environment.OSVersion.Version >= new Version(6, 12);
    private readonly TemporaryDirectory _directory = new();

    public void Dispose() => _directory.Dispose();

    [Theory]
    [InlineData(100)]
    [InlineData(400)]
    public async Task Start_GivesThreads_TheSliceOfTheOption(int microseconds)
    {
        await using var broker = await StartAsync(microseconds);
        await HaveAsync(broker, Expected(microseconds));
    }

    [Fact]
    public async Task Start_WithoutASlice_LeavesThreadsToTheSystem()
    {
        await using var broker = await StartAsync(0);
        await HaveAsync(broker, TimeSlice.Of(thread: 0));
    }

    [Fact]
    public async Task WritesToManyPartitions_LeaveThreadsToTheSystem_UntilTheyAreFewAgain()
    {
        await Librdkafka.EnsureAsync(Console.Error.WriteLine, TestContext.Current.CancellationToken);
        await using var broker = await StartAsync(100);
        await TestTopics.CreateAsync(broker.Servers, "topic", Many);

        await HaveWhileProducingAsync(broker, Many, TimeSlice.Of(thread: 0));
        await HaveWhileProducingAsync(broker, partitions: 1, Expected(100));
    }

    private static async Task HaveWhileProducingAsync(BrokerProcess broker, int partitions, int microseconds)
    {
        using var stop = new CancellationTokenSource();
        var producing = Task.Run(() => Produce(broker, partitions, stop.Token), CancellationToken.None);
        try
        {
            await HaveAsync(broker, microseconds);
        }
        finally
        {
            await stop.CancelAsync();
            await producing;
        }
    }

    /// <summary>One message to each partition, and again when all are acknowledged.</summary>
    private static void Produce(BrokerProcess broker, int partitions, CancellationToken stop)
    {
        using var producer = new ProducerBuilder<Null, string>(
            new ProducerConfig { BootstrapServers = broker.Servers, LingerMs = 0 }
        ).Build();
        while (!stop.IsCancellationRequested)
        {
            for (var partition = 0; partition < partitions; partition++)
                producer.Produce(new TopicPartition("topic", partition), new Message<Null, string> { Value = "value" });
            producer.Flush(CancellationToken.None);
        }
    }

    private Task<BrokerProcess> StartAsync(int microseconds) =>
        BrokerProcess.StartAsync(_directory.Path, new() { ["Broker__TimeSliceMicroseconds"] = $"{microseconds}" });

    /// <summary>What threads have that ask for so much: nothing that could be read where the system knows no such wish.</summary>
    private static int Expected(int microseconds) => IsKnown ? microseconds : 0;

    private static Task HaveAsync(BrokerProcess broker, int microseconds) =>
        Eventually.HoldsAsync(
            () => Slices(broker).TrueForAll(slice => slice == microseconds),
            cancellation: TestContext.Current.CancellationToken
        );

    /// <summary>Of the thread that syncs and of those that hear from the network.</summary>
    private static List<int> Slices(BrokerProcess broker)
    {
        var threads = Directory
            .EnumerateDirectories($"/proc/{broker.ProcessId}/task")
            .Where(thread => NameOf(thread) is "log flusher" or ".NET Sockets")
            .ToList();
        threads.Count.ShouldBeGreaterThanOrEqualTo(2);
        return
        [
            .. threads.Select(thread =>
                TimeSlice.Of(int.Parse(Path.GetFileName(thread), CultureInfo.InvariantCulture))
            ),
        ];
    }

    private static string NameOf(string thread)
    {
        try
        {
            return File.ReadAllText($"{thread}/comm").Trim();
        }
        catch (IOException)
        {
            // It has ended meanwhile.
            return "";
        }
    }
}
