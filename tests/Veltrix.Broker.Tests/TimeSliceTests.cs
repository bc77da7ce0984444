using System.Globalization;
using Confluent.Kafka;
using Confluent.Kafka.Admin;
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
    [InlineData("100")]
    [InlineData("400")]
    public async Task Start_GivesThreads_TheSliceOfTheOption(string microseconds)
    {
        await using var broker = await StartAsync(microseconds);
        await HaveAsync(broker, IsKnown ? int.Parse(microseconds, CultureInfo.InvariantCulture) : 0);
    }

    [Fact]
    public async Task Start_WithoutASlice_LeavesThreadsToTheSystem()
    {
        await using var broker = await StartAsync("0");
        await HaveAsync(broker, TimeSlice.Of(thread: 0));
    }

    [Fact]
    public async Task WritesToManyPartitions_LeaveThreadsToTheSystem_UntilTheyAreFewAgain()
    {
        Assert.SkipUnless(IsKnown, "Linux 6.12 or later");
        await Librdkafka.EnsureAsync(Console.Error.WriteLine, TestContext.Current.CancellationToken);
        await using var broker = await StartAsync("100");
        using var admin = new AdminClientBuilder(new AdminClientConfig { BootstrapServers = broker.Servers }).Build();
        await admin.CreateTopicsAsync([
            new TopicSpecification
            {
                Name = "topic",
                NumPartitions = Many,
                ReplicationFactor = 1,
            },
        ]);

        await HaveWhileProducingAsync(broker, Many, TimeSlice.Of(thread: 0));
        await HaveWhileProducingAsync(broker, partitions: 1, 100);
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

    private Task<BrokerProcess> StartAsync(string microseconds) =>
        BrokerProcess.StartAsync(_directory.Path, new() { ["Broker__TimeSliceMicroseconds"] = microseconds });

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
