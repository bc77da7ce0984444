using System.Net;
using System.Text;
using Veltrix.Events;

namespace Veltrix.Ingest.Tests;

public sealed class AcceptedEventTests
{
    [Fact]
    public async Task Post_StructuredEvent_IsInKafkaByteForByteWhenAnswered()
    {
        var configuration = TestKafka.Configuration();
        await using var host = await IngestHost.StartAsync(configuration);
        const string Body = """
            { "specversion" : "1.0", "id":"1", "source":"/tests/1", "type":"com.veltrix.player.moved",
              "subject":"zo\u00eb", "time":"2026-11-21T01:02:03+01:00", "level": 7, "flag": true,
              "data" : { "latitude": 1.50, "note": "a\u0041 é", "x": [ 1 , 2 ] } }
            """;

        var answer = await host.PostAsync(Body);

        answer.StatusCode.ShouldBe(HttpStatusCode.Accepted);
        (await answer.TextAsync()).ShouldBe(
            """{"results":[{"index":0,"id":"1","source":"/tests/1","status":"accepted","code":null,"detail":null}]}"""
        );
        var record = (await TestKafka.ReadAllAsync(configuration.PlayersTopic())).ShouldHaveSingleItem();
        Encoding.UTF8.GetString(record.Message.Key).ShouldBe("zoë");
        Encoding
            .UTF8.GetString(record.Message.Value.ShouldNotBeNull())
            .ShouldBe("""{ "latitude": 1.50, "note": "a\u0041 é", "x": [ 1 , 2 ] }""");
        record.Header("ce_specversion").ShouldBe("1.0");
        record.Header("ce_id").ShouldBe("1");
        record.Header("ce_source").ShouldBe("/tests/1");
        record.Header("ce_type").ShouldBe("com.veltrix.player.moved");
        record.Header("ce_subject").ShouldBe("zoë");
        record.Header("ce_time").ShouldBe("2026-11-21T01:02:03+01:00");
        record.Header("ce_level").ShouldBe("7");
        record.Header("ce_flag").ShouldBe("true");
        record.Header("content-type").ShouldBe("application/json");
        record.Header("traceparent").ShouldMatch("^00-[0-9a-f]{32}-[0-9a-f]{16}-0[01]$");
        Rfc3339.TryParse(Encoding.UTF8.GetBytes(record.Header("ce_recordedtime")), out var recorded).ShouldBeTrue();
        recorded.ShouldBe(DateTimeOffset.UtcNow, TimeSpan.FromMinutes(1));
    }

    [Theory]
    [InlineData("application/cloudevents+json; charset=UTF-8")]
    [InlineData("Application/CloudEvents+JSON;charset=\"utf-8\"")]
    public async Task Post_ContentTypeWrittenOtherwise_IsTaken(string contentType)
    {
        await using var host = await IngestHost.StartAsync(TestKafka.Configuration());

        var answer = await host.PostAsync(
            """{"id":"1","source":"/tests","specversion":"1.0","type":"com.veltrix.player.moved"}""",
            contentType
        );

        answer.StatusCode.ShouldBe(HttpStatusCode.Accepted);
    }

    [Fact]
    public async Task Post_OtherData_IsStoredAsItsBytes()
    {
        var configuration = TestKafka.Configuration(partitions: 1);
        await using var host = await IngestHost.StartAsync(configuration);
        const string Start = """{"source":"/tests","specversion":"1.0","type":"com.veltrix.player.moved" """;

        var answer = await host.PostAsync(
            $$"""
            [{{Start}},"id":"none"},
             {{Start}},"id":"binary","data_base64":"AAH/","datacontenttype":"application/octet-stream"},
             {{Start}},"id":"text","data":"a\tb","datacontenttype":"text/plain","recordedtime":"2020-01-01T00:00:00Z"}]
            """,
            HttpExtensions.Batch
        );

        answer.StatusCode.ShouldBe(HttpStatusCode.Accepted);
        var records = await TestKafka.ReadAllAsync(configuration.PlayersTopic());
        records.Select(record => record.Header("ce_id")).ShouldBe(["none", "binary", "text"]);
        records[0].Message.Value.ShouldBeNull();
        records[0].Message.Headers.ShouldNotContain(header => header.Key == "content-type");
        records[1].Message.Value.ShouldBe([0, 1, 255]);
        records[1].Header("content-type").ShouldBe("application/octet-stream");
        records[2].Message.Value.ShouldBe("a\tb"u8.ToArray());
        records[2].Header("content-type").ShouldBe("text/plain");
        records[2].Message.Headers.Count(header => header.Key == "ce_recordedtime").ShouldBe(1);
        records[2].Header("ce_recordedtime").ShouldNotStartWith("2020");
    }
}
