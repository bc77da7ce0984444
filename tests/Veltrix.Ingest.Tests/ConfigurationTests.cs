using System.Net;
using System.Text;
using Veltrix.Configuration;

namespace Veltrix.Ingest.Tests;

public sealed class ConfigurationTests
{
    private const string Valid =
        """{"id":"1","source":"/tests","specversion":"1.0","type":"com.veltrix.player.moved"}""";

    [Fact]
    public async Task Post_BeforeTheFirstConfiguration_Answers503()
    {
        await using var host = await IngestHost.StartAsync(configuration: null);

        var answer = await host.PostAsync(Valid);

        answer.StatusCode.ShouldBe(HttpStatusCode.ServiceUnavailable);
        (await answer.JsonAsync()).GetProperty("code").GetString().ShouldBe("VX-9005");
        answer.Headers.RetryAfter.ShouldNotBeNull();
        var health = await host.Client.GetAsync("/health", TestContext.Current.CancellationToken);
        health.StatusCode.ShouldBe(HttpStatusCode.ServiceUnavailable);
    }

    [Fact]
    public async Task Post_AfterANewVersion_GoesToTheNewTopicWithoutARestart()
    {
        var before = TestKafka.Configuration();
        var after = TestKafka.Configuration(partitions: 5);
        await using var host = await IngestHost.StartAsync(before);
        (await host.PostAsync(Valid)).StatusCode.ShouldBe(HttpStatusCode.Accepted);

        host.Configuration.Publish(after);

        // 503 as long as the new topic is not there: nothing goes to the old one any more, and nothing is lost.
        await Wait.UntilAsync(async () =>
        {
            var answer = await host.PostAsync(Valid);
            if (answer.StatusCode == HttpStatusCode.ServiceUnavailable)
                answer.Headers.RetryAfter.ShouldNotBeNull();
            return answer.StatusCode == HttpStatusCode.Accepted;
        });
        (await TestKafka.ReadAllAsync(before.PlayersTopic())).ShouldHaveSingleItem();
        (await TestKafka.ReadAllAsync(after.PlayersTopic())).ShouldHaveSingleItem();
        (await TestKafka.PartitionsAsync(after.PlayersTopic())).ShouldBe(5);
    }

    // Every event is answered 503 here, so the node should get none.
    [Fact]
    public async Task Health_AllTopicsOnAClusterThatIsNotServed_IsUnhealthy()
    {
        var configuration = TestKafka.Configuration();
        await using var host = await IngestHost.StartAsync(configuration);

        host.Configuration.Publish(configuration with { Clusters = [configuration.Clusters[0] with { Name = "eu" }] });

        await Wait.UntilAsync(async () =>
            (await host.PostAsync(Valid)).StatusCode == HttpStatusCode.ServiceUnavailable
        );
        var health = await host.Client.GetAsync("/health", TestContext.Current.CancellationToken);
        health.StatusCode.ShouldBe(HttpStatusCode.ServiceUnavailable);
    }

    [Fact]
    public async Task Post_AfterANewProducerProfile_UsesItWhileOthersKeepTheirs()
    {
        var configuration = TestKafka.Configuration();
        await using var host = await IngestHost.StartAsync(configuration);
        host.Producer.Hold();
        var underWay = host.PostAsync(Valid);
        await Wait.UntilAsync(() => Task.FromResult(host.Producer.HeldCount == 1));

        host.Configuration.Publish(
            configuration with
            {
                Ingest = new IngestConfiguration(
                    Producer: new ProducerConfiguration(Compression: ProducerCompression.Gzip, LingerMilliseconds: 1)
                ),
            }
        );

        // The held producer would never answer: this one has the new profile.
        (await host.PostAsync(Valid.Replace("\"1\"", "\"2\""))).StatusCode.ShouldBe(HttpStatusCode.Accepted);
        underWay.IsCompleted.ShouldBeFalse();
        host.Producer.Release();
        (await underWay).StatusCode.ShouldBe(HttpStatusCode.Accepted);
        (await TestKafka.ReadAllAsync(configuration.PlayersTopic())).Count.ShouldBe(2);
    }

    [Fact]
    public async Task Post_AfterAProfileThatTheLibraryRefuses_GoesOnWithAllOfTheVersionBefore()
    {
        var configuration = TestKafka.Configuration();
        await using var host = await IngestHost.StartAsync(configuration);

        var refusal = host.Configuration.Publish(
            TestKafka.Configuration() with
            {
                Ingest = new IngestConfiguration(Producer: new ProducerConfiguration(Acks: ProducerAcks.None)),
            }
        );

        refusal.ShouldNotBeNull().Reason.ShouldStartWith("Producers cannot take it over: ");
        host.Producer.Hold();
        var answer = host.PostAsync(Valid);
        await Wait.UntilAsync(() => Task.FromResult(host.Producer.HeldCount == 1));
        host.Producer.Release();
        (await answer).StatusCode.ShouldBe(HttpStatusCode.Accepted);
        (await TestKafka.ReadAllAsync(configuration.PlayersTopic())).ShouldHaveSingleItem();
    }

    [Theory]
    [InlineData("partitionkey", "wanted", "player-1", "3")]
    [InlineData("subject", "player-1", "player-1", "3")]
    [InlineData("source", "/tests", "/tests", "/tests")]
    [InlineData("id", "1", "2", "3")]
    public async Task Post_AfterANewKey_KeysRecordsByIt(string key, params string[] expected)
    {
        const string Batch = """
            [{"id":"1","source":"/tests","specversion":"1.0","type":"com.veltrix.player.moved","subject":"player-1","partitionkey":"wanted"},
             {"id":"2","source":"/tests","specversion":"1.0","type":"com.veltrix.player.moved","subject":"player-1"},
             {"id":"3","source":"/tests","specversion":"1.0","type":"com.veltrix.player.moved"}]
            """;
        var before = TestKafka.Configuration(partitions: 1);
        // From another key on, so that none is obeyed only because it was there at the start.
        var other = before.EventTypes[0] with
        {
            Key = key == "id" ? EventKey.Source : EventKey.Id,
        };
        await using var host = await IngestHost.StartAsync(before with { EventTypes = [other] });

        host.Configuration.Publish(
            before with
            {
                EventTypes = [other with { Key = Enum.Parse<EventKey>(key, ignoreCase: true) }],
            }
        );
        var answer = await host.PostAsync(Batch, HttpExtensions.Batch);

        answer.StatusCode.ShouldBe(HttpStatusCode.Accepted);
        var records = await TestKafka.ReadAllAsync(before.PlayersTopic());
        records.Select(record => Encoding.UTF8.GetString(record.Message.Key)).ShouldBe(expected);
    }

    // Partitions are left alone: another number sends keys elsewhere.
    [Fact]
    public async Task Topics_ThatAreThere_TakeTheSettingsOfANewVersionAndKeepTheirOthers()
    {
        var configuration = TestKafka.Configuration(partitions: 3);
        await using var host = await IngestHost.StartAsync(configuration);
        var topic = configuration.PlayersTopic();
        await TestKafka.SetAsync(topic, ("retention.ms", "604800000"), ("max.message.bytes", "2000000"));

        foreach (var hours in new[] { 300, 2 })
        {
            host.Configuration.Publish(
                configuration with
                {
                    Clusters = [new("kafka", [new(topic, 5, RetentionHours: hours)])],
                }
            );

            await Wait.UntilAsync(async () =>
                await TestKafka.SettingAsync(topic, "retention.ms") == $"{hours * 3_600_000L}"
            );
        }
        (await TestKafka.SettingAsync(topic, "max.message.bytes")).ShouldBe("2000000");
        (await TestKafka.PartitionsAsync(topic)).ShouldBe(3);
    }

    [Fact]
    public async Task Post_TopicThatKafkaRefuses_Answers503AndTheOthersGoOn()
    {
        var configuration = TestKafka.Configuration();
        configuration = configuration with
        {
            Clusters = [new("kafka", [.. configuration.Clusters[0].Topics, new("not a topic", 1)])],
            EventTypes = [.. configuration.EventTypes, new("com.example.stuck", "not a topic")],
        };
        await using var host = await IngestHost.StartAsync(configuration: null);
        host.Configuration.Publish(configuration);
        await Wait.UntilAsync(async () => (await host.PostAsync(Valid)).StatusCode == HttpStatusCode.Accepted);

        var answer = await host.PostAsync(Valid.Replace("com.veltrix.player.moved", "com.example.stuck"));

        answer.StatusCode.ShouldBe(HttpStatusCode.ServiceUnavailable);
        (await answer.JsonAsync()).GetProperty("code").GetString().ShouldBe("VX-1009");
    }
}
