using Veltrix.Configuration.Differences;

namespace Veltrix.Configuration.Tests.Differences;

public sealed class ConfigurationPathsTests
{
    [Theory]
    [InlineData("$", true)]
    [InlineData("$.processor", true)]
    [InlineData("$.processor.workers", true)]
    [InlineData("$.clusters", true)]
    [InlineData("$.clusters['kafka'].topics['hunts'].partitions", true)]
    [InlineData("$.eventTypes['com.github.*']", true)]
    [InlineData("$.processor.worker", false)]
    [InlineData("$.clusters[0]", false)]
    [InlineData("$.clusters['kafka'].topics['none']", false)]
    [InlineData("processor.workers", false)]
    [InlineData("", false)]
    public void Exists_OnlyForWhatIsThere(string path, bool exists) =>
        ConfigurationPaths.Exists(PlatformConfiguration.Default, path).ShouldBe(exists);

    [Theory]
    [InlineData("$.processor.workers", "$.processor.workers", true)]
    [InlineData("$.processor.workers", "$.processor", true)]
    [InlineData("$.clusters['kafka'].topics['hunts']", "$.clusters['kafka'].topics['hunts'].partitions", true)]
    [InlineData("$.clusters['kafka'].topics['hunts']", "$.clusters", true)]
    [InlineData("$.processor.workersMost", "$.processor.workers", false)]
    [InlineData("$.processor.workers", "$.ingest", false)]
    public void Touches_SamePlaceAboveOrBelow(string changed, string pinned, bool touches)
    {
        ConfigurationPaths.Touches(changed, pinned).ShouldBe(touches);
        ConfigurationPaths.Touches(pinned, changed).ShouldBe(touches);
    }
}
