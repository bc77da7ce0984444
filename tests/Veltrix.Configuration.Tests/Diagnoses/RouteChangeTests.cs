using Veltrix.Configuration.Diagnoses;

namespace Veltrix.Configuration.Tests.Diagnoses;

/// <summary>Changes of routes are judged by where events go, not by which entries stand there.</summary>
public sealed class RouteChangeTests
{
    private static readonly PlatformConfiguration Default = PlatformConfiguration.Default;

    [Fact]
    public void Examine_TopicReplaced_IsRefusedForIt()
    {
        var moved = Default with
        {
            Clusters =
            [
                new(
                    "kafka",
                    [.. Default.Clusters[0].Topics.Where(topic => topic.Name != "players"), new("players2", 6)]
                ),
            ],
            EventTypes =
            [
                .. Default.EventTypes.Select(type => type.Topic == "players" ? type with { Topic = "players2" } : type),
            ],
        };

        var findings = Doctor.Examine(moved, Default).Findings;

        findings[0].Code.ShouldBe("DOC-112");
        findings[0].Severity.ShouldBe(Severity.Error);
        // With the old topic beside the new one the order is what is left to say; its removal is not suggested.
        var repaired = Doctor.Repair(moved, Default, lowest: Severity.Error);
        var left = Doctor.Examine(repaired, Default).Findings;
        left.ShouldContain(finding => finding.Code == "DOC-204" && finding.Severity == Severity.Warning);
        left.Single(finding => finding.Code == "DOC-601").Fix.ShouldBeNull();
        repaired.Clusters[0].Topics.ShouldContain(topic => topic.Name == "players");
    }

    [Fact]
    public void Examine_ClusterRenamed_IsRefusedForItAlone()
    {
        var renamed = Default with { Clusters = [Default.Clusters[0] with { Name = "eu" }] };

        var findings = Doctor.Examine(renamed, Default).Of(Severity.Error);

        findings.ShouldHaveSingleItem().Code.ShouldBe("DOC-111");
        findings.Single().Evidence.ShouldContain("6 of 6 event types go to the 3 topics of eu");
        Doctor.Repair(renamed, Default).Clusters.ShouldHaveSingleItem().Name.ShouldBe("kafka");
    }

    [Fact]
    public void Repair_ClusterBesideTheServedOne_MovesItsTopics()
    {
        var beside = Default with
        {
            Clusters = [new("eu", [new("orders", 3)]), Default.Clusters[0]],
            EventTypes = [.. Default.EventTypes, new("com.example.order.*", "orders")],
        };

        var repaired = Doctor.Repair(beside, Default);

        var cluster = repaired.Clusters.ShouldHaveSingleItem();
        cluster.Name.ShouldBe("kafka");
        cluster.Topics.Select(topic => topic.Name).ShouldBe(["hunts", "players", "github", "orders"]);
        Doctor.Examine(repaired, Default).Of(Severity.Error).ShouldBeEmpty();
    }

    // The entry of the prefix is the same as before; some of its events go elsewhere.
    [Fact]
    public void Examine_TypeInFrontOfItsPrefix_NamesTheTypeThatMoved()
    {
        var preceded = Default with { EventTypes = [new("com.github.push", "hunts"), .. Default.EventTypes] };

        var finding = Doctor.Examine(preceded, Default).Findings.Single(finding => finding.Code == "DOC-204");

        finding.Path.ShouldBe("$.eventTypes[0].topic");
        finding.Evidence.ShouldStartWith("com.github.push went to github and goes to hunts now");
    }

    [Fact]
    public void Repair_TypeThatLostItsEntryToAPrefix_GetsItBackAndNoOther()
    {
        var before = Default with { EventTypes = [new("com.github.push", "hunts"), .. Default.EventTypes] };

        var finding = Doctor.Examine(Default, before).Findings.Single(finding => finding.Code == "DOC-204");
        var repaired = ConfigurationPatch.Apply(Default, finding.Fix!);

        finding.Path.ShouldBe("$.eventTypes[5].topic");
        repaired.EventTypes.Count.ShouldBe(7);
        repaired.EventTypes[5].ShouldBe(new EventTypeConfiguration("com.github.push", "hunts"));
        ConfigurationValidator.Validate(repaired).ShouldBeEmpty();
        Doctor.Examine(repaired, before).Findings.ShouldNotContain(left => left.Code == "DOC-204");
    }

    [Fact]
    public void Examine_EntriesInAnotherOrder_AreNoMove()
    {
        var reordered = Default with { EventTypes = [.. Default.EventTypes.Reverse()] };

        Doctor
            .Examine(reordered, Default)
            .Findings.ShouldNotContain(finding => finding.Code == "DOC-204" || finding.Code == "DOC-206");
    }
}
