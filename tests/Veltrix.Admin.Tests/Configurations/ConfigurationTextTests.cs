using System.Text.Json;
using Veltrix.Admin.Configurations;
using Veltrix.Configuration;

namespace Veltrix.Admin.Tests.Configurations;

public sealed class ConfigurationTextTests
{
    private static readonly string Default = ConfigurationText.Of(PlatformConfiguration.Default);

    [Fact]
    public void Of_TheDefault_ReadsBackAsTheSameDocument()
    {
        ConfigurationText.TryParse(Default, out var document, out _).ShouldBeTrue();

        var read = document.Value.Deserialize(ConfigurationJson.Default.PlatformConfiguration)!;
        ConfigurationText.Of(read).ShouldBe(Default);
    }

    [Theory]
    [InlineData("{\n  \"a\": ,\n}", "Line 2, column 8")]
    [InlineData("{", "Line 1, column 2")]
    [InlineData("{\"a\":1,\"a\":2}", "a")]
    public void TryParse_NoJson_SaysWhere(string text, string part)
    {
        ConfigurationText.TryParse(text, out _, out var mistake).ShouldBeFalse();

        mistake.ShouldContain(part);
        mistake.ShouldNotContain("LineNumber");
        mistake.ShouldEndWith(".");
    }

    [Fact]
    public void WithWorkers_ADocument_ChangesThatLineOnly()
    {
        var changed = ConfigurationText.WithWorkers(Default, 7);

        ConfigurationText.Workers(changed).ShouldBe(7);
        TextDifference
            .Between(Default, changed)
            .Where(line => line.Change is LineChange.Added or LineChange.Removed)
            .Select(line => line.Text.Trim())
            .ShouldBe(["\"workers\": 2,", "\"workers\": 7,"], ignoreOrder: true);
    }

    [Theory]
    [InlineData("no json")]
    [InlineData("[]")]
    [InlineData("{\"processor\": 5}")]
    [InlineData("{\"processor\": {\"workers\": \"many\"}}")]
    public void WithWorkers_NoPlaceForIt_LeavesTheTextAlone(string text)
    {
        ConfigurationText.Workers(text).ShouldBeNull();
        ConfigurationText.WithWorkers(text, 7).ShouldBe(text);
    }

    [Fact]
    public void Between_TheSameTexts_IsEmpty() => TextDifference.Between(Default, Default).ShouldBeEmpty();
}
