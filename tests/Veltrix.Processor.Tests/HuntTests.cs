using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using Microsoft.Extensions.DependencyInjection;
using Veltrix.Processor.Tests.Support;
using Veltrix.Processor.Workflows;

namespace Veltrix.Processor.Tests;

public sealed class HuntTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Hunts_PlayedToTheEnd_AreCompletedWithTheirHistory(bool inBatches)
    {
        await using var platform = await Platform.CreateAsync();
        var node = await platform.StartAsync(inBatches);

        await Task.WhenAll(Enumerable.Range(0, 20).Select(number => platform.PlayAsync($"hunt-{number}", 3)));

        await platform.UntilAsync("SELECT count(*) FROM hunts WHERE state = 'Completed'", 20);
        var hunt = await node.Http.GetFromJsonAsync<JsonElement>("/workflows/hunts/hunt-7", Cancellation);
        hunt.GetProperty("state").GetString().ShouldBe("Completed");
        hunt.GetProperty("cluesFound").GetInt32().ShouldBe(3);
        hunt.GetProperty("endedAt").ValueKind.ShouldBe(JsonValueKind.String);
        hunt.GetProperty("history")
            .EnumerateArray()
            .Select(line =>
                $"{line.GetProperty("event").GetString()} {line.GetProperty("fromState").GetString()} {line.GetProperty("toState").GetString()}"
            )
            .ShouldBe([
                "com.veltrix.hunt.started Initial Hunting",
                "com.veltrix.clue.found Hunting Hunting",
                "com.veltrix.clue.found Hunting Hunting",
                "com.veltrix.clue.found Hunting Hunting",
                "com.veltrix.treasure.claimed Hunting Completed",
            ]);
        var accounting = await node.Http.GetFromJsonAsync<JsonElement>(
            "/accounting?source=/test&subjectPrefix=hunt-",
            Cancellation
        );
        accounting.GetProperty("handled").GetInt64().ShouldBe(100);
        accounting.GetProperty("effects").GetInt64().ShouldBe(100);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Events_ThatTheSagaRefuses_AreDeadLetteredAndTheOthersApplied(bool inBatches)
    {
        await using var platform = await Platform.CreateAsync();
        await platform.StartAsync(inBatches);

        await platform.HuntAsync("clue.found", "early", "1", """{"player":"ann","clue":1}""");
        await platform.HuntAsync("hunt.started", "poison", "2", """{"name":"no clues","clues":0}""");
        await platform.HuntAsync("hunt.started", "poison", "3", "{");
        await platform.HuntAsync("hunt.exploded", "poison", "4", "{}");
        await platform.PlayAsync("good", 2);
        // Again with the same ids, and once more with another: the first is no effect, the second is noted.
        await platform.PlayAsync("good", 2);
        await platform.HuntAsync("treasure.claimed", "good", "late", """{"player":"bob","points":1}""");

        await platform.UntilAsync("SELECT coalesce(sum(events_applied), 0)::bigint FROM hunts", 5);
        await platform.UntilAsync("SELECT count(*) FROM dead_letters", 3);
        var codes = await platform.QueryAsync<string>(
            "SELECT string_agg(code, ' ' ORDER BY code) FROM dead_letters WHERE purpose = 'workflows'"
        );
        codes.ShouldBe("VX-3001 VX-3001 VX-3003");
        (await platform.QueryAsync<string>("SELECT state FROM hunts")).ShouldBe("Completed");
        (await platform.QueryAsync<long>("SELECT count(*) FROM handled_events")).ShouldBe(5);
        (
            await platform.QueryAsync<string>(
                "SELECT convert_from(value, 'UTF8') FROM dead_letters WHERE code = 'VX-3003'"
            )
        ).ShouldBe("""{"player":"ann","clue":1}""");
    }

    [Fact]
    public async Task Topic_Published_IsReadWithoutARestart()
    {
        await using var platform = await Platform.CreateAsync();
        await platform.StartAsync();
        await platform.PlayAsync("before", 1);
        await platform.UntilAsync("SELECT count(*) FROM hunts WHERE state = 'Completed'", 1);
        var moved = $"{platform.Hunts}-moved";
        await platform.CreateTopicAsync(moved, partitions: 2);

        platform.Configuration.Publish(configuration =>
            configuration with
            {
                Clusters = [new("kafka", [.. configuration.Clusters[0].Topics, new(moved, 2)])],
                EventTypes =
                [
                    .. configuration.EventTypes.Select(type =>
                        type.Topic == platform.Hunts ? type with { Topic = moved } : type
                    ),
                ],
            }
        );

        await platform.HuntAsync("hunt.started", "after", "after-s", """{"name":"Hunt","clues":1}""", moved);
        await platform.HuntAsync("clue.found", "after", "after-1", """{"player":"ann","clue":1}""", moved);
        await platform.HuntAsync("treasure.claimed", "after", "after-t", """{"player":"ann","points":1}""", moved);
        await platform.UntilAsync("SELECT count(*) FROM hunts WHERE state = 'Completed'", 2);
    }

    [Fact]
    public async Task Deadline_Passed_TimesOutOnce()
    {
        await using var platform = await Platform.CreateAsync();
        var node = await platform.StartAsync();
        var other = await platform.StartAsync();
        await platform.HuntAsync("hunt.started", "slow", "1", """{"name":"slow","clues":1}""");
        await platform.UntilAsync("SELECT count(*) FROM hunts WHERE state = 'Hunting'", 1);

        await platform.ExecuteAsync("UPDATE hunts SET deadline_at = now() - interval '1 second'");
        var timeouts = node.Services.GetServices<Microsoft.Extensions.Hosting.IHostedService>();
        await Task.WhenAll(
            timeouts.OfType<HuntTimeoutService>().Single().ExpireAsync(Cancellation),
            other
                .Services.GetServices<Microsoft.Extensions.Hosting.IHostedService>()
                .OfType<HuntTimeoutService>()
                .Single()
                .ExpireAsync(Cancellation)
        );
        await platform.HuntAsync("treasure.claimed", "slow", "2", """{"player":"ann","points":1}""");

        await platform.UntilAsync("SELECT coalesce(sum(events_applied), 0)::bigint FROM hunts", 2);
        (await platform.QueryAsync<string>("SELECT state FROM hunts")).ShouldBe("TimedOut");
        (await platform.QueryAsync<long>("SELECT count(*) FROM hunt_history WHERE event = 'timeout'")).ShouldBe(1);
    }

    [Fact]
    public async Task Queries_AreValidatedAndPaged()
    {
        await using var platform = await Platform.CreateAsync();
        var node = await platform.StartAsync();
        for (var number = 0; number < 5; number++)
            await platform.HuntAsync("hunt.started", $"h{number}", $"{number}", """{"name":"x","clues":1}""");
        await platform.UntilAsync("SELECT count(*) FROM hunts", 5);

        var all = await IdsAsync(node, "/workflows/hunts?limit=5");
        var first = await IdsAsync(node, "/workflows/hunts?limit=2");
        var second = await IdsAsync(node, $"/workflows/hunts?limit=2&before={first[^1]}");
        var completed = await IdsAsync(node, "/workflows/hunts?state=Completed");
        var summary = await node.Http.GetFromJsonAsync<JsonElement>("/workflows/summary", Cancellation);

        all.Count.ShouldBe(5);
        first.Concat(second).ShouldBe(all.Take(4));
        completed.ShouldBeEmpty();
        summary.GetProperty("Hunting").GetInt64().ShouldBe(5);
        (await StatusAsync(node, "/workflows/hunts?limit=0")).ShouldBe(HttpStatusCode.BadRequest);
        (await StatusAsync(node, "/workflows/hunts?state=Lost")).ShouldBe(HttpStatusCode.BadRequest);
        (await StatusAsync(node, "/workflows/hunts/unknown")).ShouldBe(HttpStatusCode.NotFound);
        node.Http.DefaultRequestHeaders.Authorization = null;
        (await StatusAsync(node, "/workflows/hunts")).ShouldBe(HttpStatusCode.Unauthorized);
    }

    private static async Task<List<string?>> IdsAsync(ProcessorNode node, string path)
    {
        var hunts = await node.Http.GetFromJsonAsync<JsonElement>(path, Cancellation);
        return [.. hunts.EnumerateArray().Select(hunt => hunt.GetProperty("huntId").GetString())];
    }

    private static async Task<HttpStatusCode> StatusAsync(ProcessorNode node, string path)
    {
        using var answer = await node.Http.GetAsync(path, Cancellation);
        return answer.StatusCode;
    }
}
