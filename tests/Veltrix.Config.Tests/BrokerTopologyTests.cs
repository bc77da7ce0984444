using Confluent.Kafka;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Veltrix.Config.Diagnosing;
using Veltrix.Testing;

namespace Veltrix.Config.Tests;

public sealed class BrokerTopologyTests
{
    // The service publishes without the client library, too: the doctor then says that it did not look.
    [Fact]
    public async Task Reading_WithoutTheClientLibrary_IsTriedAgainAndEndsNothing()
    {
        var attempts = 0;
        using var second = new SemaphoreSlim(0);
        await using var services = new ServiceCollection()
            .AddSingleton<IProducer<Null, Null>>(_ =>
            {
                if (++attempts == 2)
                    second.Release();
                throw new DllNotFoundException("librdkafka");
            })
            .BuildServiceProvider();
        var time = new ManualTime(holdsTimers: true);
        var logs = new RecordedLogs();
        using var topology = new BrokerTopology(services, time, logs.For<BrokerTopology>());

        await topology.StartAsync(TestContext.Current.CancellationToken);
        while (
            !topology.ExecuteTask!.IsCompleted
            && !await second.WaitAsync(TimeSpan.FromMilliseconds(10), TestContext.Current.CancellationToken)
        )
            time.Advance(TimeSpan.FromSeconds(2));

        topology.ExecuteTask!.Exception.ShouldBeNull();
        topology.Latest.ShouldBeNull();
        logs.Lines.Where(line => line.Level == LogLevel.Warning)
            .ShouldHaveSingleItem()
            .Text.ShouldContain("librdkafka");
        await topology.StopAsync(TestContext.Current.CancellationToken);
    }
}
