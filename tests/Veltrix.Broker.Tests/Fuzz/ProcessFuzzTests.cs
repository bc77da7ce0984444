using System.Buffers.Binary;
using System.Globalization;
using Veltrix.Conformance.Tests.Wire;

namespace Veltrix.Broker.Tests.Fuzz;

/// <summary>A tenth of the campaign of <see cref="FuzzTests"/> over real connections to a process of its own.</summary>
public sealed class ProcessFuzzTests : IDisposable
{
    private const int RequestsPerConnection = 5;
    private const long MaximumPeakBytes = 256 * 1024 * 1024;
    private readonly TemporaryDirectory _directory = new();

    public void Dispose() => _directory.Dispose();

    [Fact]
    public async Task Process_ThatIsSentNonsense_GoesOnAndStaysSmall()
    {
        await using var broker = await BrokerProcess.StartAsync(
            _directory.Path,
            new()
            {
                ["Broker__Durability"] = "None",
                ["Broker__MaximumTopics"] = "10",
                ["Broker__MaximumPartitions"] = "50",
                ["Broker__MaximumGroups"] = "20",
                ["Broker__MaximumFetchWaitMilliseconds"] = "1",
                ["Broker__RetentionBytes"] = "4194304",
                ["Broker__SegmentBytes"] = "1048576",
                ["Broker__RetentionCheckSeconds"] = "1",
                ["Logging__LogLevel__Default"] = "Error",
            }
        );
        var generator = new RequestGenerator(FuzzSettings.Seed);
        var requests = FuzzSettings.Requests / 10;
        for (var sent = 0; sent < requests; sent += RequestsPerConnection)
            await SendAsync(broker, Enumerable.Range(0, RequestsPerConnection).Select(_ => generator.Next()));

        using var client = await WireClient.ConnectAsync(broker.Servers);
        (await client.SendAsync("ApiVersions", 0, [])).Error.ShouldBe<short>(0);
        var peak = broker.PeakResidentBytes;
        TestContext.Current.TestOutputHelper!.WriteLine(
            string.Create(
                CultureInfo.InvariantCulture,
                $"{requests} requests of seed {FuzzSettings.Seed}: {peak >> 20} MiB at most"
            )
        );
        peak.ShouldBeLessThan(MaximumPeakBytes);
        (await broker.TerminateAsync()).ShouldBe(0);
        broker.Output.ShouldNotContain("fail:");
    }

    private static async Task SendAsync(BrokerProcess broker, IEnumerable<byte[]> frames)
    {
        using var bytes = new MemoryStream();
        var size = new byte[sizeof(int)];
        foreach (var frame in frames)
        {
            BinaryPrimitives.WriteInt32BigEndian(size, frame.Length);
            bytes.Write(size);
            bytes.Write(frame);
        }
        using var client = await WireClient.ConnectAsync(broker.Servers);
        try
        {
            await client.SendBytesAsync(bytes.ToArray());
            await client.DrainAsync();
        }
        catch (IOException)
        {
            // Closed with bytes that nobody wanted to read any more.
        }
    }
}
