using LibrdkafkaRedist;
using Veltrix.Configuration;
using Veltrix.Processor.Consuming;
using Veltrix.ServiceDefaults.Configuration;

namespace Veltrix.Processor.Tests;

public sealed class ConsumerProfileTests
{
    private readonly ConsumerProfile _profile = new();

    [Fact]
    public async Task Apply_ProfileThatTheLibraryTakes_IsTaken() =>
        (await ApplyAsync(new ConsumerConfiguration(SessionTimeoutMilliseconds: 8_000))).ShouldBeNull();

    [Fact]
    public async Task Apply_ProfileThatTheLibraryRefuses_IsRefusedWithItsReason() =>
        (
            await ApplyAsync(
                new ConsumerConfiguration(SessionTimeoutMilliseconds: 60_000, MaximumPollIntervalMilliseconds: 10_000)
            )
        )
            .ShouldNotBeNull()
            .Reason.ShouldContain("max.poll.interval.ms");

    private async Task<VersionRefusal?> ApplyAsync(ConsumerConfiguration consumer)
    {
        await Librdkafka.EnsureAsync(Console.Error.WriteLine, TestContext.Current.CancellationToken);
        return new IConfigurationPart[] { _profile }.Apply(
            new(
                2,
                1,
                "",
                "test",
                "test",
                default,
                PlatformConfiguration.Default with
                {
                    Processor = new ProcessorConfiguration(Consumer: consumer),
                }
            )
        );
    }
}
