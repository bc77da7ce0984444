using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Veltrix.Configuration.Tests;

public sealed class ConfigurationReaderTests
{
    [Fact]
    public void Read_WrittenDocument_IsTheSameDocument()
    {
        var errors = ConfigurationReader.Read(DefaultJson(), out var configuration);

        errors.ShouldBeEmpty();
        CanonicalJson.Hash(configuration!).ShouldBe(CanonicalJson.Hash(PlatformConfiguration.Default));
    }

    [Fact]
    public void Read_OmittedOptions_HaveTheirDefaults()
    {
        var errors = Read(document => document["ingest"] = new JsonObject(), out var configuration);

        errors.ShouldBeEmpty();
        configuration!.Ingest.ShouldBe(new IngestConfiguration());
    }

    [Fact]
    public void Read_SeveralWrongShapes_ReturnsAllAtOnceWithPaths()
    {
        var errors = Read(
            document =>
            {
                document.Remove("workflows");
                document["processor"]!["workers"] = "many";
                document["processor"]!["surprise"] = 1;
                document["clusters"]![0]!["topics"]![1]!["partitions"] = 1.5;
                document["eventTypes"]![0] = null;
            },
            out var configuration
        );

        configuration.ShouldBeNull();
        errors
            .Select(error => error.Path)
            .ShouldBe([
                "$.clusters[0].topics[1].partitions",
                "$.eventTypes[0]",
                "$.processor.workers",
                "$.processor.surprise",
                "$.workflows",
            ]);
    }

    [Fact]
    public void Read_UnknownMember_NamesTheKnownOnes() =>
        Read(document => document["processor"]!["worker"] = 4, out _)
            .ShouldHaveSingleItem()
            .Allowed.ShouldStartWith("workers, maximumBatchEvents, maximumBatchBytes, ");

    [Theory]
    [InlineData("worker", "The member is not known; the nearest known name is \"workers\".")]
    [InlineData("maxBatchEvents", "The member is not known; the nearest known name is \"maximumBatchEvents\".")]
    [InlineData("Workers", "The member is not known; the nearest known name is \"workers\".")]
    [InlineData("zzzzzzzzzzzz", "The member is not known.")]
    public void Read_UnknownMember_NamesTheNearestKnownOne(string name, string message) =>
        Read(document => document["processor"]![name] = 4, out _).ShouldHaveSingleItem().Message.ShouldBe(message);

    [Fact]
    public void Read_MemberNameThatNeedsQuoting_IsQuotedInThePath() =>
        Read(document => document["it's odd"] = 4, out _).ShouldHaveSingleItem().Path.ShouldBe("$['it\\'s odd']");

    [Fact]
    public void Read_WrongType_SaysWhatWasExpectedAndFound() =>
        Read(document => document["processor"]!["workers"] = "many", out _)
            .ShouldHaveSingleItem()
            .Message.ShouldBe("Expected a whole number from -2147483648 to 2147483647, but found the string \"many\".");

    [Theory]
    [InlineData("4294967296")]
    [InlineData("1e999")]
    [InlineData("2.0")]
    [InlineData("null")]
    [InlineData("[]")]
    [InlineData("true")]
    public void Read_ValueThatIsNoInteger_IsAnErrorAtItsPath(string workers) =>
        Read($$"""{"processor": {"workers": {{workers}} } }""")
            .ShouldContain(error => error.Path == "$.processor.workers" && error.Message.StartsWith("Expected"));

    [Fact]
    public void Read_DuplicateMember_IsAnError() =>
        Read("""{"processor":{"workers":1,"workers":2}}""")
            .ShouldContain(error => error.Path == "$.processor.workers" && error.Message.Contains("more than once"));

    [Fact]
    public void Read_OtherCase_IsAnUnknownMember() =>
        Read("""{"Processor":{}}""").ShouldContain(error => error.Path == "$.Processor");

    [Theory]
    [InlineData("""{"clusters":[{"name":"\ud800","topics":[]}]}""")]
    [InlineData("""{"clusters":[{"\udfff":1}]}""")]
    public void Read_LoneSurrogate_IsAnErrorNotAnException(string json) =>
        Read(json).ShouldContain(error => error.Path.StartsWith("$.clusters[0]"));

    [Theory]
    [InlineData("")]
    [InlineData("{")]
    [InlineData("{} {}")]
    [InlineData("{/* comment */}")]
    public void Read_NotJson_IsOneErrorAtTheRoot(string json) => Read(json).ShouldHaveSingleItem().Path.ShouldBe("$");

    [Theory]
    [InlineData("[]")]
    [InlineData("null")]
    [InlineData("7")]
    public void Read_NoObject_IsOneErrorAtTheRoot(string json) =>
        Read(json).ShouldHaveSingleItem().Message.ShouldStartWith("Expected an object");

    [Fact]
    public void Read_RightShapeWrongValue_ReturnsTheValidatorsErrors() =>
        Read(document => document["processor"]!["workers"] = 0, out _)
            .ShouldHaveSingleItem()
            .Allowed.ShouldBe("1 to 256");

    [Fact]
    public void Read_NodeReportWithNulls_IsAccepted()
    {
        var report = new NodeReport("n-1", "n", null, null, default, default, 0.5, 1, 2.5, 0, null, null, null);
        var json = JsonSerializer.SerializeToElement(report, ConfigurationJson.Default.NodeReport);

        ConfigurationReader.Read(json, ConfigurationJson.Default.NodeReport, out var read).ShouldBeEmpty();
        read.ShouldBe(report);
    }

    private static byte[] DefaultJson() =>
        JsonSerializer.SerializeToUtf8Bytes(
            PlatformConfiguration.Default,
            ConfigurationJson.Default.PlatformConfiguration
        );

    private static IReadOnlyList<ConfigurationError> Read(
        Action<JsonObject> change,
        out PlatformConfiguration? configuration
    )
    {
        var document = JsonNode.Parse(DefaultJson())!.AsObject();
        change(document);
        return ConfigurationReader.Read(Encoding.UTF8.GetBytes(document.ToJsonString()), out configuration);
    }

    private static IReadOnlyList<ConfigurationError> Read(string json) =>
        ConfigurationReader.Read(Encoding.UTF8.GetBytes(json), out _);
}
