using System.Text;
using Veltrix.Configuration.Differences;

namespace Veltrix.Configuration.Tests.Differences;

public sealed class SemanticDifferenceTests
{
    private static readonly PlatformConfiguration Before = PlatformConfiguration.Default;

    [Fact]
    public void Between_EqualDocuments_IsEmpty() => SemanticDifference.Between(Before, Before).ShouldBeEmpty();

    [Fact]
    public void Between_OneOption_NamesItWithBothValues()
    {
        var difference = SemanticDifference
            .Between(Before, Before with { Processor = Before.Processor with { Workers = 7 } })
            .ShouldHaveSingleItem();

        difference.Path.ShouldBe("$.processor.workers");
        difference.Kind.ShouldBe(DifferenceKind.Changed);
        difference.Before!.Value.GetInt32().ShouldBe(2);
        difference.After!.Value.GetInt32().ShouldBe(7);
        difference.Unit.ShouldBe("workers");
    }

    [Theory]
    [InlineData(60, "hours")]
    [InlineData(null, null)]
    public void Between_EntriesOfLists_HaveTheUnitOfTheirOptions(int? retentionHours, string? unit)
    {
        var hunts = new TopicConfiguration("hunts", 6);
        TopicConfiguration[] after = retentionHours is { } hours ? [hunts with { RetentionHours = hours }] : [];

        var differences = WithTopics([.. after, .. Before.Clusters[0].Topics.Skip(1)]);

        differences.ShouldHaveSingleItem().Unit.ShouldBe(unit);
    }

    [Fact]
    public void Between_TopicPutFirst_IsOneAddition()
    {
        var difference = WithTopics([new TopicConfiguration("new", 1), .. Before.Clusters[0].Topics])
            .ShouldHaveSingleItem();

        difference.Path.ShouldBe("$.clusters['kafka'].topics['new']");
        difference.Kind.ShouldBe(DifferenceKind.Added);
        difference.Before.ShouldBeNull();
        difference.After!.Value.GetProperty("partitions").GetInt32().ShouldBe(1);
    }

    [Fact]
    public void Between_TopicGoneAndAnotherChanged_NamesBothByName()
    {
        var differences = WithTopics([new TopicConfiguration("players", 12), new TopicConfiguration("github", 6)]);

        differences
            .Select(difference => (difference.Path, difference.Kind))
            .ShouldBe([
                ("$.clusters['kafka'].topics['hunts']", DifferenceKind.Removed),
                ("$.clusters['kafka'].topics['players'].partitions", DifferenceKind.Changed),
            ]);
    }

    [Fact]
    public void Between_EventTypes_AreMatchedByType()
    {
        var types = Before.EventTypes.ToList();
        types[^1] = types[^1] with { Topic = "hunts" };
        types.Reverse();

        var differences = SemanticDifference.Between(Before, Before with { EventTypes = types });

        differences
            .Select(difference => (difference.Path, difference.Kind))
            .ShouldBe([
                ("$.eventTypes['com.github.*'].topic", DifferenceKind.Changed),
                ("$.eventTypes", DifferenceKind.Reordered),
            ]);
        differences[1].After!.Value[0].GetString().ShouldBe("com.github.*");
    }

    [Fact]
    public void Between_NameWithAQuote_IsEscaped() =>
        WithTopics([.. Before.Clusters[0].Topics, new TopicConfiguration("it's", 1)])
            .ShouldHaveSingleItem()
            .Path.ShouldBe(@"$.clusters['kafka'].topics['it\'s']");

    [Fact]
    public void Between_EntriesWithTheSameName_AreComparedAsAWhole() =>
        WithTopics([new TopicConfiguration("hunts", 1), new TopicConfiguration("hunts", 2)])
            .ShouldHaveSingleItem()
            .Path.ShouldBe("$.clusters['kafka'].topics");

    // Nothing that changes the stored bytes may look like no change, and the other way round.
    [Fact]
    public void Between_AnyTwoDocuments_IsEmptyExactlyWhenTheirBytesAreEqual()
    {
        var random = new Random(4);
        var configurations = Enumerable.Range(0, 60).Select(_ => RandomConfigurations.Next(random)).ToList();
        configurations.AddRange(configurations.Take(10).ToList());

        foreach (var before in configurations)
        foreach (var after in configurations)
            (SemanticDifference.Between(before, after).Count == 0).ShouldBe(
                CanonicalJson.Write(before).AsSpan().SequenceEqual(CanonicalJson.Write(after)),
                Encoding.UTF8.GetString(CanonicalJson.Write(after))
            );
    }

    // What was exported and imported is exported again as the same bytes.
    [Fact]
    public void CanonicalBytes_ReadAndWritten_AreTheSameBytes()
    {
        var random = new Random(5);
        for (var round = 0; round < 200; round++)
        {
            var exported = CanonicalJson.Write(RandomConfigurations.Next(random));
            using var document = System.Text.Json.JsonDocument.Parse(exported);
            ConfigurationReader
                .Read(document.RootElement, ConfigurationJson.Default.PlatformConfiguration, out var imported)
                .ShouldBeEmpty();

            CanonicalJson.Write(imported!).ShouldBe(exported);
        }
    }

    private static IReadOnlyList<Difference> WithTopics(IReadOnlyList<TopicConfiguration> topics) =>
        SemanticDifference.Between(Before, Before with { Clusters = [new ClusterConfiguration("kafka", topics)] });
}
