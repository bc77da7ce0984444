using Veltrix.Testing;

namespace Veltrix.EndToEnd.Tests;

/// <summary>The same platform on a real Apache Kafka of three nodes, one of them killed in mid-load.</summary>
public sealed class RealKafkaTests
{
    [Fact]
    public async Task Platform_OnThreeKafkaNodesWithOneKilled_LosesNothingAcknowledged()
    {
        using var directory = new TemporaryDirectory();
        await using var kafka = await KafkaCluster.StartAsync(
            await ApacheKafka.FindAsync(),
            directory.Combine("kafka"),
            [Servers.FreePort(), Servers.FreePort(), Servers.FreePort()],
            [],
            TestContext.Current.CancellationToken
        );
        await using var platform = await Platform.StartAsync(
            directory.Combine("platform"),
            $"ConnectionStrings:kafka={kafka.BootstrapServers}"
        );
        var source = Workload.NewSource();
        var prefix = $"hunt-{Guid.NewGuid():N}-";
        await platform.AcceptAsync(
            Enumerable
                .Range(0, 10)
                .SelectMany(number => Workload.Hunt(source, $"{prefix}{number}", clues: 3, player: "ada"))
        );
        (await platform.HandledAsync(source, prefix, 50)).ShouldBe(new Accounting(50, 50));

        var load = CommandLine.LoadAsync(
            platform,
            // Two nodes that share two cores with everything else may take long to agree again.
            ["--rate", "500", "--duration", "12s", "--batch", "20", "--connections", "4", "--drain-timeout", "3m"]
        );
        await kafka.KillAsync(node: 2);

        var report = await load;
        if (report.Lost > 0)
            Assert.Fail(await MissingEvents.DescribeAsync(platform, report));
        report.Duplicated.ShouldBe(0, report.ToString());
        report.Handled.ShouldBe(report.Accepted + report.Unacknowledged, report.ToString());
        report.Accepted.ShouldBeGreaterThan(0);
    }
}
