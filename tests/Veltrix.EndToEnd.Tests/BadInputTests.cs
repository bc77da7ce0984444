using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json;

namespace Veltrix.EndToEnd.Tests;

/// <summary>Bad input gets the right status and a problem document with a code, and nothing is half done.</summary>
[Collection(RunningPlatformCollection.Name)]
public sealed class BadInputTests(RunningPlatform running)
{
    private const string Structured = "application/cloudevents+json";
    private const string Batch = "application/cloudevents-batch+json";
    private readonly Platform _platform = running.Platform;

    [Theory]
    [InlineData("{\"specversion\":", Structured, 400, "VX-1001")]
    [InlineData("[{\"specversion\":\"1.0\"", Batch, 400, "VX-1001")]
    [InlineData("""{"specversion":"1.0","id":"1","source":"/s"}""", Structured, 400, "VX-1002")]
    [InlineData(
        """{"specversion":"1.0","id":"","source":"/s","type":"com.veltrix.player.moved"}""",
        Structured,
        400,
        "VX-1002"
    )]
    [InlineData(
        """{"specversion":"1.0","id":"1","source":"/s","type":"com.veltrix.player.moved","time":"yesterday"}""",
        Structured,
        400,
        "VX-1003"
    )]
    [InlineData(
        """{"specversion":"1.0","id":"1","source":"/s","type":"com.example.unknown"}""",
        Structured,
        422,
        "VX-1008"
    )]
    [InlineData("<event/>", "application/xml", 415, "VX-1004")]
    public async Task Post_BadEvent_AnswersAProblemWithItsCode(string body, string contentType, int status, string code)
    {
        using var response = await _platform.PostAsync(body, contentType);

        await ShouldBeProblemAsync(response, status, code);
    }

    [Fact]
    public async Task Post_BodyOverTheLimit_Answers413()
    {
        var padding = new string('x', 5 * 1024 * 1024);
        using var request = new HttpRequestMessage(HttpMethod.Post, "/events");
        request.Content = new StringContent(
            $$"""{"specversion":"1.0","id":"1","source":"/s","type":"com.veltrix.player.moved","data":"{{padding}}"}""",
            MediaTypeHeaderValue.Parse(Structured)
        );
        // As curl does with large bodies: wait for leave to send it, since the answer comes before the body is read.
        request.Headers.ExpectContinue = true;

        using var response = await _platform.Ingest.SendAsync(request, TestContext.Current.CancellationToken);

        await ShouldBeProblemAsync(response, 413, "VX-1005");
    }

    [Fact]
    public async Task Post_BatchWithOneBadEvent_AcceptsTheOthersAndNamesTheBadOne()
    {
        var source = Workload.NewSource();
        var player = $"player-{Guid.NewGuid():N}";
        object[] events =
        [
            Workload.Event(
                source,
                "1",
                "com.veltrix.player.moved",
                player,
                new
                {
                    latitude = 1,
                    longitude = 2,
                    meters = 3,
                }
            ),
            Workload.Event(source, "2", "com.example.unknown", player, new { }),
            Workload.Event(
                source,
                "3",
                "com.veltrix.player.moved",
                player,
                new
                {
                    latitude = 1,
                    longitude = 2,
                    meters = 4,
                }
            ),
        ];

        using var response = await _platform.SendAsync(events);

        ((int)response.StatusCode).ShouldBe(422);
        var body = await response.Content.ReadFromJsonAsync<JsonElement>(TestContext.Current.CancellationToken);
        var results = body.GetProperty("results").EnumerateArray().ToList();
        results
            .Select(result => result.GetProperty("status").GetString())
            .ShouldBe(["accepted", "rejected", "accepted"]);
        results.Select(result => result.GetProperty("index").GetInt32()).ShouldBe([0, 1, 2]);
        results[1].GetProperty("code").GetString().ShouldBe("VX-1008");
        (await _platform.HandledAsync(source, player, 2)).ShouldBe(new Accounting(2, 2));
    }

    [Theory]
    [InlineData(null, 401, "VX-9001")]
    [InlineData("wrong", 401, "VX-9001")]
    public async Task Post_WithoutAKnownKey_Answers401(string? key, int status, string code)
    {
        using var client = new HttpClient { BaseAddress = _platform.Address("ingest") };
        if (key is not null)
            client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", key);
        using var content = new StringContent("{}", Encoding.UTF8, Structured);

        using var response = await client.PostAsync("/events", content, TestContext.Current.CancellationToken);

        await ShouldBeProblemAsync(response, status, code);
    }

    [Fact]
    public async Task Publish_WithANodesKey_Answers403()
    {
        using var client = new HttpClient { BaseAddress = _platform.Address("config") };
        client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", _platform.Key("node-key"));

        using var response = await client.PostAsJsonAsync(
            "/configuration/versions",
            new { reason = "none of my business" },
            TestContext.Current.CancellationToken
        );

        await ShouldBeProblemAsync(response, 403, "VX-9002");
    }

    [Fact]
    public async Task Publish_DocumentWithSeveralErrors_NamesAllAndPublishesNothing()
    {
        var before = await CurrentAsync();
        var document = System.Text.Json.Nodes.JsonNode.Parse(before.GetProperty("configuration").GetRawText())!;
        document["processor"]!["workers"] = 0;
        document["ingest"]!["maximumBodyBytes"] = -1;

        using var request = new HttpRequestMessage(HttpMethod.Post, "/configuration/versions")
        {
            Content = JsonContent.Create(new { reason = "broken", configuration = document }),
        };
        request.Headers.TryAddWithoutValidation("If-Match", $"\"{before.GetProperty("number").GetInt32()}\"");
        using var response = await _platform.Config.SendAsync(request, TestContext.Current.CancellationToken);

        var problem = await ShouldBeProblemAsync(response, 422, "VX-2001");
        problem.GetProperty("errors").GetArrayLength().ShouldBeGreaterThanOrEqualTo(2);
        (await CurrentAsync()).GetProperty("number").GetInt32().ShouldBe(before.GetProperty("number").GetInt32());
    }

    [Fact]
    public async Task Publish_OnAStaleVersion_Answers412()
    {
        var current = await CurrentAsync();
        using var request = new HttpRequestMessage(HttpMethod.Post, "/configuration/versions");
        request.Headers.TryAddWithoutValidation("If-Match", $"\"{current.GetProperty("number").GetInt32() + 1}\"");
        request.Content = JsonContent.Create(
            new { reason = "late", configuration = current.GetProperty("configuration") }
        );

        using var response = await _platform.Config.SendAsync(request, TestContext.Current.CancellationToken);

        await ShouldBeProblemAsync(response, 412, "VX-2002");
    }

    private Task<JsonElement> CurrentAsync() =>
        _platform.Config.GetFromJsonAsync<JsonElement>("/configuration", TestContext.Current.CancellationToken);

    private static async Task<JsonElement> ShouldBeProblemAsync(HttpResponseMessage response, int status, string code)
    {
        var body = await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);
        ((int)response.StatusCode).ShouldBe(status, body);
        response.Content.Headers.ContentType?.MediaType.ShouldBe("application/problem+json");
        var problem = JsonDocument.Parse(body).RootElement;
        problem.GetProperty("code").GetString().ShouldBe(code);
        problem.GetProperty("title").GetString().ShouldNotBeNullOrEmpty();
        problem.GetProperty("fix").GetString().ShouldNotBeNullOrEmpty();
        return problem;
    }
}
