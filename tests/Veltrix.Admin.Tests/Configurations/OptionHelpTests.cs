using Veltrix.Admin.Configurations;

namespace Veltrix.Admin.Tests.Configurations;

public sealed class OptionHelpTests
{
    [Theory]
    [InlineData("$.processor.workers", "processor.workers")]
    [InlineData("$.clusters['kafka'].topics['hunts'].partitions", "clusters[].topics[].partitions")]
    [InlineData(@"$.eventTypes['it\'s.a[0].*'].topic", "eventTypes[].topic")]
    [InlineData("$.eventTypes[3].key", "eventTypes[].key")]
    public void Of_PathOfADifference_FindsItsOption(string path, string option) =>
        OptionHelp.Of(path).ShouldNotBeNull().Path.ShouldBe(option);

    [Theory]
    [InlineData("$")]
    [InlineData("$.processor")]
    [InlineData("$.clusters['kafka']")]
    public void Of_SectionOrEntry_IsNone(string path) => OptionHelp.Of(path).ShouldBeNull();
}
