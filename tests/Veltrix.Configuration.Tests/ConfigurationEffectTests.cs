using Veltrix.Configuration.Differences;

namespace Veltrix.Configuration.Tests;

public sealed class ConfigurationEffectTests
{
    private static readonly PlatformConfiguration Default = PlatformConfiguration.Default;

    [Fact]
    public void Between_EqualDocuments_IsEmpty() => ConfigurationEffect.Between(Default, Default).ShouldBeEmpty();

    [Fact]
    public void Between_MoreBytesInFlight_CostsMemoryOfIngestAlone()
    {
        var after = Default with { Ingest = Default.Ingest with { MaximumBytesInFlight = 256 * 1024 * 1024 } };

        var effects = ConfigurationEffect.Between(Default, after);

        var memory = effects.Single(effect => effect.Unit == "bytes");
        memory.Name.ShouldContain("ingest");
        (memory.After - memory.Before)!.Value.ShouldBeGreaterThanOrEqualTo(2 * 192 * 1024 * 1024);
    }

    [Fact]
    public void Between_SmallerBatches_HandleLessAndEndSooner()
    {
        var after = Default with { Processor = Default.Processor with { MaximumBatchEvents = 10 } };

        var effects = ConfigurationEffect.Between(Default, after);

        var rate = effects.Single(effect => effect.Name.Contains("handled at most"));
        rate.After!.Value.ShouldBeLessThan(rate.Before!.Value);
        var transaction = effects.Single(effect => effect.Name.Contains("full batch"));
        transaction.After!.Value.ShouldBeLessThan(transaction.Before!.Value);
    }

    [Fact]
    public void Between_TrafficThatNeverDrains_HasNoNumberAfter()
    {
        var after = Default with { Traffic = new TrafficConfiguration(EventsPerSecond: 10_000_000) };

        ConfigurationEffect
            .Between(Default, after)
            .Single(effect => effect.Name.Contains("drained"))
            .After.ShouldBeNull();
    }
}
