using System.Text;
using System.Text.Json;

namespace Veltrix.Configuration.Tests;

public sealed class LaterOptionsTests
{
    // As versions before these options stored it.
    private const string FirstFormat = """
        {
          "clusters": [{ "name": "kafka", "topics": [{ "name": "hunts", "partitions": 6 }] }],
          "eventTypes": [{ "type": "com.example.thing", "topic": "hunts" }],
          "ingest": {}, "processor": {}, "workflows": {}
        }
        """;

    [Fact]
    public void Read_DocumentOfTheFirstFormat_HasTheDefaults()
    {
        var configuration = Read(FirstFormat);

        configuration.Ingest.Producer.ShouldBe(new ProducerConfiguration());
        configuration.Processor.Consumer.ShouldBe(new ConsumerConfiguration());
        configuration.Processor.Retry.ShouldBe(new RetryConfiguration());
        configuration.Limits.ShouldBe(new LimitsConfiguration());
        configuration.Traffic.ShouldBe(new TrafficConfiguration());
        configuration.Clusters[0].Topics[0].ShouldBe(new TopicConfiguration("hunts", 6, -1, 0, 168));
        configuration.EventTypes[0].MaximumBytes.ShouldBeNull();
        configuration.EventTypes[0].Key.ShouldBe(EventKey.PartitionKey);
    }

    [Fact]
    public void Read_SectionsThatAreNull_HaveTheDefaults() =>
        Read(FirstFormat.Replace("\"ingest\": {}", "\"ingest\": { \"producer\": null }, \"limits\": null"))
            .ShouldSatisfyAllConditions(
                read => read.Ingest.Producer.ShouldBe(new ProducerConfiguration()),
                read => read.Limits.ShouldBe(new LimitsConfiguration())
            );

    [Fact]
    public void Write_OptionsWithTheirDefaults_AreLeftOut() =>
        Canonical(Read(FirstFormat))
            .ShouldBe(
                """{"clusters":[{"name":"kafka","topics":[{"name":"hunts","partitions":6}]}],"eventTypes":[{"topic":"hunts","type":"com.example.thing"}],"ingest":{"maximumBatchEvents":1000,"maximumBodyBytes":4194304,"maximumBytesInFlight":67108864,"maximumEventBytes":524288},"processor":{"maximumBatchBytes":16777216,"maximumBatchEvents":2000,"workers":2},"workflows":{"huntTimeoutMinutes":1440}}"""
            );

    [Fact]
    public void Write_ChangedOption_StandsThereAlone()
    {
        var configuration = PlatformConfiguration.Default with
        {
            Ingest = new IngestConfiguration(Producer: new ProducerConfiguration(ProducerAcks.Leader)),
        };

        Canonical(configuration).ShouldContain("\"producer\":{\"acks\":\"leader\"}");
        Read(Canonical(configuration)).Ingest.ShouldBe(configuration.Ingest);
    }

    [Fact]
    public void Write_ChangedKey_StandsWithItsType() =>
        Canonical(
                PlatformConfiguration.Default with
                {
                    EventTypes = [new EventTypeConfiguration("com.example.thing", "hunts", Key: EventKey.Source)],
                }
            )
            .ShouldContain("""[{"key":"source","topic":"hunts","type":"com.example.thing"}]""");

    [Theory]
    [InlineData("\"Leader\"")]
    [InlineData("\"some\"")]
    [InlineData("1")]
    public void Read_ValueThatIsNoneOfTheNames_NamesThem(string acks) =>
        ConfigurationReader
            .Read(
                Encoding.UTF8.GetBytes(
                    FirstFormat.Replace(
                        "\"ingest\": {}",
                        $$"""
                        "ingest": { "producer": { "acks": {{acks}} } }
                        """
                    )
                ),
                out _
            )
            .ShouldHaveSingleItem()
            .Message.ShouldStartWith("Expected one of all, leader, none, but found ");

    private static PlatformConfiguration Read(string json)
    {
        ConfigurationReader.Read(Encoding.UTF8.GetBytes(json), out var configuration).ShouldBeEmpty();
        return configuration!;
    }

    private static string Canonical(PlatformConfiguration configuration) =>
        Encoding.UTF8.GetString(CanonicalJson.Write(configuration));
}
