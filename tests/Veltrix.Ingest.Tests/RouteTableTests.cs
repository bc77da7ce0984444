using System.Text;
using Veltrix.Configuration;
using Veltrix.Ingest.Routing;

namespace Veltrix.Ingest.Tests;

public sealed class RouteTableTests
{
    [Theory]
    [InlineData("a.b", "exact")]
    [InlineData("a.c", "prefix")]
    [InlineData("a.", "prefix")]
    [InlineData("a", null)]
    [InlineData("a.b.c", "prefix")]
    [InlineData("x.y", "first")]
    [InlineData("", null)]
    public void Find_Type_GivesTheFirstEntryThatMatches(string type, string? topic)
    {
        var table = Table(
            new("a.b", "exact"),
            new("x.*", "first"),
            new("a.*", "prefix"),
            new("x.y", "hidden by an earlier prefix"),
            new("a.b", "hidden by an earlier one")
        );

        table.Find(Encoding.UTF8.GetBytes(type))?.Topic.ShouldBe(topic);
        (table.Find(Encoding.UTF8.GetBytes(type)) is null).ShouldBe(topic is null);
    }

    private static RouteTable Table(params EventTypeConfiguration[] types) =>
        new(
            new ConfigurationVersion(
                1,
                null,
                "",
                "tests",
                "Test",
                DateTimeOffset.UnixEpoch,
                PlatformConfiguration.Default with
                {
                    EventTypes = types,
                }
            )
        );
}
