using System.Text.Json;
using System.Text.Json.Nodes;
using Veltrix.Configuration.Options;

namespace Veltrix.Configuration.Tests.Options;

public sealed class OptionCatalogueTests
{
    public static TheoryData<string> Paths => [.. OptionCatalogue.All.Select(option => option.Path)];

    [Fact]
    public void All_DescribesEveryMemberOfTheModelOnce() =>
        OptionCatalogue
            .All.Select(option => option.Path)
            .ShouldBe(OptionTree.Options().Select(member => member.Path), ignoreOrder: true);

    [Theory]
    [InlineData("$.processor.workers", "processor.workers")]
    [InlineData("$.clusters['kafka'].topics['hunts'].partitions", "clusters[].topics[].partitions")]
    [InlineData(@"$.eventTypes['it\'s.a[0].*'].topic", "eventTypes[].topic")]
    [InlineData("$.eventTypes[3].key", "eventTypes[].key")]
    [InlineData("$", null)]
    [InlineData("$.processor", null)]
    [InlineData("$.clusters['kafka']", null)]
    public void At_PlaceOfADocument_IsItsOption(string path, string? option) =>
        (OptionCatalogue.At(path)?.Path).ShouldBe(option);

    [Theory]
    [MemberData(nameof(Paths))]
    public void Example_IsAcceptedInItsPlace(string path)
    {
        var document = DocumentWith(path, JsonNode.Parse(OptionCatalogue.All.Single(o => o.Path == path).Example));

        var errors = ConfigurationReader.Read(document, out _);

        // A name may refer to what this document does not have; its place and shape are right.
        errors
            .Where(error => !error.Message.StartsWith("No cluster has the topic", StringComparison.Ordinal))
            .ShouldBeEmpty();
    }

    [Theory]
    [MemberData(nameof(Paths))]
    public void Range_IsTheOneThatTheValidatorHas(string path)
    {
        var option = OptionCatalogue.All.Single(o => o.Path == path);
        if (option.Range is not { } range || option.Unit == "list")
            return;

        Refuses(path, range.Minimum - 1).ShouldBeTrue();
        Refuses(path, range.Maximum + 1).ShouldBeTrue();
        Refuses(path, range.Minimum).ShouldBeFalse();
        Refuses(path, range.Maximum).ShouldBeFalse();
    }

    private static bool Refuses(string path, long value)
    {
        var member = path[(path.LastIndexOf('.') + 1)..];
        return ConfigurationReader
            .Read(DocumentWith(path, value), out _)
            .Any(error =>
                error.Path.EndsWith("." + member, StringComparison.Ordinal)
                && (error.Message.Contains("outside the range") || error.Message.StartsWith("Expected"))
            );
    }

    private static JsonElement DocumentWith(string path, JsonNode? value)
    {
        var document = JsonSerializer.SerializeToNode(
            PlatformConfiguration.Default,
            ConfigurationJson.Default.PlatformConfiguration
        )!;
        var steps = path.Split('.');
        var place = document;
        foreach (var step in steps[..^1])
            place = step.EndsWith("[]", StringComparison.Ordinal) ? place[step[..^2]]![0]! : place[step]!;
        place[steps[^1]] = value;
        return JsonSerializer.SerializeToElement(document, ConfigurationJson.Default.JsonNode);
    }
}
