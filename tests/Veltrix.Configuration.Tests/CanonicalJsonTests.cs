using System.Text;
using System.Text.Json;

namespace Veltrix.Configuration.Tests;

public sealed class CanonicalJsonTests
{
    [Theory]
    [InlineData("""{ "b" : 1, "a" : [ true, false, null ] }""", """{"a":[true,false,null],"b":1}""")]
    [InlineData("""{"a":{},"A":[],"":""}""", """{"":"","A":[],"a":{}}""")]
    [InlineData("""[0, -0, -1, 9007199254740991]""", """[0,0,-1,9007199254740991]""")]
    [InlineData("\"\\u0041\\/\\u000f\\u000a\\t\\\"\\\\\"", "\"A/\\u000f\\n\\t\\\"\\\\\"")]
    public void Write_FollowsTheScheme(string json, string canonical) => Canonical(json).ShouldBe(canonical);

    // RFC 8785, section 3.2.3: the example that tells UTF-16 order from code point order.
    [Fact]
    public void Write_MemberNames_AreSortedByUtf16CodeUnits()
    {
        const string Json = """
            {"\u20ac":1,"\r":2,"\ufb33":3,"1":4,"\ud83d\ude00":5,"\u0080":6,"\u00f6":7}
            """;

        using var sorted = JsonDocument.Parse(Canonical(Json));

        sorted.RootElement.EnumerateObject().Select(member => member.Value.GetInt32()).ShouldBe([2, 4, 6, 7, 1, 5, 3]);
    }

    [Theory]
    [InlineData("9007199254740992")]
    [InlineData("0.5")]
    public void Write_NumberWithoutExactForm_IsRefused(string json) =>
        Should.Throw<NotSupportedException>(() => Canonical(json));

    // The text was written by hand and hashed with sha256sum: every stored hash depends on these bytes.
    [Fact]
    public void Hash_KnownDocument_NeverChanges()
    {
        var configuration = new PlatformConfiguration(
            [new ClusterConfiguration("kafka", [new TopicConfiguration("hunts", 6)])],
            [new EventTypeConfiguration("com.example.thing", "hunts")],
            new IngestConfiguration(1, 2, 3, 4),
            new ProcessorConfiguration(5, 6, 7),
            new WorkflowConfiguration(8)
        );

        Encoding
            .UTF8.GetString(CanonicalJson.Write(configuration))
            .ShouldBe(
                """{"clusters":[{"name":"kafka","topics":[{"name":"hunts","partitions":6}]}],"eventTypes":[{"topic":"hunts","type":"com.example.thing"}],"ingest":{"maximumBatchEvents":2,"maximumBodyBytes":1,"maximumBytesInFlight":4,"maximumEventBytes":3},"processor":{"maximumBatchBytes":7,"maximumBatchEvents":6,"workers":5},"workflows":{"huntTimeoutMinutes":8}}"""
            );
        CanonicalJson.Hash(configuration).ShouldBe("87d4b917845d1390888b7b8ae8b551db2aeb1df188c6b3ada88a465fb3d33df1");
    }

    [Fact]
    public void Hash_ChangedDocument_Differs() =>
        CanonicalJson
            .Hash(PlatformConfiguration.Default with { Processor = new ProcessorConfiguration(Workers: 3) })
            .ShouldNotBe(CanonicalJson.Hash(PlatformConfiguration.Default));

    private static string Canonical(string json)
    {
        using var document = JsonDocument.Parse(json);
        return Encoding.UTF8.GetString(CanonicalJson.Write(document.RootElement));
    }
}
