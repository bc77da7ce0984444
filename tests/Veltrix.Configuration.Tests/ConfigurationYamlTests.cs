using System.Text;
using System.Text.Json;

namespace Veltrix.Configuration.Tests;

public sealed class ConfigurationYamlTests
{
    private const int Mutations = 20_000;

    private const string Document = """
        # Comments are fine.
        clusters:
          - name: kafka
            topics: [{ name: hunts, partitions: 6 }]
        eventTypes:
          - { type: "com.example.*", topic: hunts, maximumBytes: ~ }
        ingest: { producer: { acks: all, enableIdempotence: true } }
        processor: {}
        workflows: {}
        """;

    [Fact]
    public void ToJson_Document_IsReadAsTheSameConfiguration()
    {
        const string SameInJson = """
            {
              "clusters": [{ "name": "kafka", "topics": [{ "name": "hunts", "partitions": 6 }] }],
              "eventTypes": [{ "type": "com.example.*", "topic": "hunts" }],
              "ingest": { "producer": { "acks": "all", "enableIdempotence": true } }, "processor": {}, "workflows": {}
            }
            """;

        ConfigurationReader.Read(ConfigurationYaml.ToJson(Bytes(Document)), out var yaml).ShouldBeEmpty();
        ConfigurationReader.Read(Bytes(SameInJson), out var json).ShouldBeEmpty();

        CanonicalJson.Hash(yaml!).ShouldBe(CanonicalJson.Hash(json!));
    }

    [Theory]
    [InlineData("", "null")]
    [InlineData("~", "null")]
    [InlineData("a:", """{"a":null}""")]
    [InlineData("[1, -2, 0.5, 1e3]", "[1,-2,0.5,1e3]")]
    [InlineData("[true, false, null]", "[true,false,null]")]
    // Not numbers and not truth values: what a person meant is not guessed.
    [InlineData(
        "[yes, off, True, 007, +1, 0x10, .5, .inf, 1_000]",
        """["yes","off","True","007","+1","0x10",".5",".inf","1_000"]"""
    )]
    [InlineData("""['5', "true", "~", ""]""", """["5","true","~",""]""")]
    [InlineData("5: a", """{"5":"a"}""")]
    [InlineData("a: |\n  one\n  two\n", """{"a":"one\ntwo\n"}""")]
    [InlineData("b: 1\na: 2\nb: 3", """{"b":1,"a":2,"b":3}""")]
    [InlineData("--- {}\n...\n", "{}")]
    [InlineData("\uFEFF{ä: ö}", """{"ä":"ö"}""")]
    public void ToJson_Value_IsWhatItStandsFor(string yaml, string json) =>
        Encoding.UTF8.GetString(ConfigurationYaml.ToJson(Bytes(yaml)).Span).ShouldBe(json);

    [Theory]
    [InlineData("workflows: [", "line ")]
    [InlineData("a: &x {}\nb: *x", "line 1: Anchors are not taken.")]
    [InlineData("a: 1\nb: *x", "line 2: Aliases are not taken.")]
    [InlineData("a: !!str 5", "line 1: Tags are not taken.")]
    [InlineData("? [a]\n: 1", "line 1: A key must be text.")]
    [InlineData("{}\n--- {}\n", "line 2: A second document is not taken.")]
    public void ToJson_WhatIsNotTaken_IsRefusedWithItsLine(string yaml, string message) =>
        Should.Throw<FormatException>(() => ConfigurationYaml.ToJson(Bytes(yaml))).Message.ShouldStartWith(message);

    [Theory]
    [InlineData("[")]
    [InlineData("{a: ")]
    [InlineData("- ")]
    [InlineData("? ")]
    public void ToJson_DeeplyNested_IsRefused(string level) =>
        Should
            .Throw<FormatException>(() =>
                ConfigurationYaml.ToJson(Bytes(string.Concat(Enumerable.Repeat(level, 100_000))))
            )
            .Message.ShouldStartWith("line 1: ");

    [Fact]
    public void ToJson_BytesThatAreNotUtf8_AreRefused() =>
        Should
            .Throw<FormatException>(() => ConfigurationYaml.ToJson([(byte)'a', 0xFF]))
            .Message.ShouldContain("byte 1");

    [Fact]
    public void Read_UnknownAndDuplicateMembers_AreNamedWithTheirPaths()
    {
        var yaml = Document.Replace("processor: {}", "processor: { wokers: 2 }\nprocessor: {}");

        var errors = ConfigurationReader.Read(ConfigurationYaml.ToJson(Bytes(yaml)), out _);

        errors.Select(error => error.Path).ShouldBe(["$.processor.wokers", "$.processor"]);
    }

    [Fact]
    public void ToJson_MutatedDocuments_AreJsonOrRefused()
    {
        var random = new Random(20_261_121);
        var original = Bytes(Document);
        var marks = "{}[]:,-?&*!|>'\"%@`#\n\t \\\0~"u8.ToArray();
        for (var round = 0; round < Mutations; round++)
        {
            var yaml = original.ToArray();
            for (var change = random.Next(1, 6); change > 0; change--)
                yaml[random.Next(yaml.Length)] = marks[random.Next(marks.Length)];
            try
            {
                JsonDocument.Parse(ConfigurationYaml.ToJson(yaml)).Dispose();
            }
            catch (FormatException)
            {
                // Refused, as it may be.
            }
        }
    }

    private static byte[] Bytes(string text) => Encoding.UTF8.GetBytes(text);
}
