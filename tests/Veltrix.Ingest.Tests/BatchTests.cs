using System.Net;
using System.Text;
using Confluent.Kafka;
using Veltrix.Configuration;

namespace Veltrix.Ingest.Tests;

public sealed class BatchTests : IAsyncLifetime
{
    private readonly PlatformConfiguration _configuration = TestKafka.Configuration(
        ingest: new IngestConfiguration(MaximumEventBytes: 1_000)
    );
    private IngestHost _host = null!;

    public async ValueTask InitializeAsync() => _host = await IngestHost.StartAsync(_configuration);

    public async ValueTask DisposeAsync() => await _host.DisposeAsync();

    [Fact]
    public async Task Post_EveryEventValid_Answers202InRequestOrder()
    {
        var answer = await PostAsync(Event("a"), Event("b"), Event("c"));

        answer.StatusCode.ShouldBe(HttpStatusCode.Accepted);
        answer.MediaType().MediaType.ShouldBe("application/json");
        (await OutcomesAsync(answer)).ShouldBe([
            "0 a /tests accepted ",
            "1 b /tests accepted ",
            "2 c /tests accepted ",
        ]);
        (await StoredIdsAsync()).ShouldBe(["a", "b", "c"]);
    }

    [Fact]
    public async Task Post_Empty_Answers202()
    {
        var answer = await PostAsync();

        answer.StatusCode.ShouldBe(HttpStatusCode.Accepted);
        (await answer.TextAsync()).ShouldBe("""{"results":[]}""");
    }

    [Fact]
    public async Task Post_SomeEventsBad_StoresTheOthersAndAnswersWithTheWorst()
    {
        var answer = await PostAsync(
            Event("a"),
            """{"id":"b","specversion":"1.0","type":"t"}""",
            Event("c").Replace("com.veltrix.player.moved", "com.example.unknown"),
            "7",
            Event("e", new string('x', 1_000)),
            Event("f")
        );

        answer.StatusCode.ShouldBe(HttpStatusCode.RequestEntityTooLarge);
        answer.MediaType().MediaType.ShouldBe("application/json");
        (await OutcomesAsync(answer)).ShouldBe([
            "0 a /tests accepted ",
            "1 b  rejected VX-1002",
            "2 c /tests rejected VX-1008",
            "3   rejected VX-1001",
            "4 e /tests rejected VX-1006",
            "5 f /tests accepted ",
        ]);
        (await StoredIdsAsync()).ShouldBe(["a", "f"]);
    }

    [Fact]
    public async Task Post_OnlyUnknownTypes_Answers422()
    {
        var answer = await PostAsync(Event("a").Replace("com.veltrix.player.moved", "com.example.unknown"));

        answer.StatusCode.ShouldBe(HttpStatusCode.UnprocessableEntity);
    }

    [Fact]
    public async Task Post_OneEventUndelivered_Answers503AndNamesIt()
    {
        _host.Producer.Failure = record => IdOf(record) == "b" ? ErrorCode.Local_MsgTimedOut : null;

        var answer = await PostAsync(Event("a"), Event("b"), """{"id":"c"}""", Event("d"));

        answer.StatusCode.ShouldBe(HttpStatusCode.ServiceUnavailable);
        ShouldHaveRetryAfter(answer);
        (await OutcomesAsync(answer)).ShouldBe([
            "0 a /tests accepted ",
            "1 b /tests unavailable VX-1009",
            "2 c  rejected VX-1002",
            "3 d /tests accepted ",
        ]);
        (await StoredIdsAsync()).ShouldBe(["a", "d"]);
    }

    [Fact]
    public async Task Post_QueueFull_ThrottlesThisAndAllLaterEvents()
    {
        _host.Producer.Refusal = record => IdOf(record) == "b" ? ErrorCode.Local_QueueFull : null;

        var answer = await PostAsync(Event("a"), Event("b"), Event("c"));

        answer.StatusCode.ShouldBe(HttpStatusCode.TooManyRequests);
        ShouldHaveRetryAfter(answer);
        (await OutcomesAsync(answer)).ShouldBe([
            "0 a /tests accepted ",
            "1 b /tests throttled VX-1010",
            "2 c /tests throttled VX-1010",
        ]);
        (await StoredIdsAsync()).ShouldBe(["a"]);
    }

    [Theory]
    [InlineData(ErrorCode.MsgSizeTooLarge, HttpStatusCode.RequestEntityTooLarge, "rejected", "VX-1006")]
    [InlineData(ErrorCode.Local_Fatal, HttpStatusCode.ServiceUnavailable, "unavailable", "VX-1009")]
    [InlineData(ErrorCode.NotEnoughReplicas, HttpStatusCode.ServiceUnavailable, "unavailable", "VX-1009")]
    public async Task Post_FailedDelivery_MapsTheErrorOfKafka(
        ErrorCode error,
        HttpStatusCode expected,
        string status,
        string code
    )
    {
        _host.Producer.Failure = _ => error;

        var answer = await PostAsync(Event("a"));

        answer.StatusCode.ShouldBe(expected);
        (await OutcomesAsync(answer)).ShouldBe([$"0 a /tests {status} {code}"]);
    }

    [Fact]
    public async Task Post_BatchAgain_IsStoredAgain()
    {
        _host.Producer.Failure = record => IdOf(record) == "b" ? ErrorCode.Local_MsgTimedOut : null;
        await PostAsync(Event("a"), Event("b"));
        _host.Producer.Failure = _ => null;

        var answer = await PostAsync(Event("a"), Event("b"));

        answer.StatusCode.ShouldBe(HttpStatusCode.Accepted);
        (await StoredIdsAsync()).ShouldBe(["a", "a", "b"]);
    }

    private static string Event(string id, string data = "") =>
        $$"""{"id":"{{id}}","source":"/tests","specversion":"1.0","type":"com.veltrix.player.moved","data":"{{data}}"}""";

    private static string IdOf(Message<byte[], byte[]?> record) =>
        Encoding.UTF8.GetString(record.Headers.GetLastBytes("ce_id"));

    private static void ShouldHaveRetryAfter(HttpResponseMessage answer) =>
        answer
            .Headers.RetryAfter.ShouldNotBeNull()
            .Delta.ShouldNotBeNull()
            .ShouldBeInRange(TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(30));

    private static async Task<IReadOnlyList<string>> OutcomesAsync(HttpResponseMessage answer)
    {
        var results = (await answer.JsonAsync()).GetProperty("results").EnumerateArray().ToList();
        foreach (var result in results)
            (result.GetProperty("detail").GetString() is null).ShouldBe(
                result.GetProperty("status").GetString() == "accepted"
            );
        return
        [
            .. results.Select(result =>
                $"{result.GetProperty("index")} {result.GetProperty("id")} {result.GetProperty("source")} {result.GetProperty("status")} {result.GetProperty("code")}"
            ),
        ];
    }

    private Task<HttpResponseMessage> PostAsync(params string[] events) =>
        _host.PostAsync($"[{string.Join(',', events)}]", HttpExtensions.Batch);

    private async Task<IEnumerable<string>> StoredIdsAsync() =>
        (await TestKafka.ReadAllAsync(_configuration.PlayersTopic()))
            .Select(record => record.Header("ce_id"))
            .Order(StringComparer.Ordinal);
}
