using System.Net.Http.Json;
using System.Text.Json;
using Veltrix.Testing;

namespace Veltrix.EndToEnd.Tests;

/// <summary>Stopping and starting the whole platform keeps everything.</summary>
public sealed class RestartTests
{
    [Fact]
    public async Task Restart_OfTheWholePlatform_KeepsAllData()
    {
        const int Players = 5;
        const int Count = 500;
        using var directory = new TemporaryDirectory();
        var source = Workload.NewSource();
        var hunt = $"hunt-{Guid.NewGuid():N}";
        int version;
        string operatorKey;
        await using (var first = await Platform.StartAsync(directory.Path))
        {
            await first.AcceptAsync(Workload.Moves(source, "walker-", Players, Count));
            await first.AcceptAsync(Workload.Hunt(source, hunt, clues: 2, player: "ada").Take(2));
            await first.HandledAsync(source, "walker-", Count + 2);
            version = await PublishAsync(first, "Before the restart");
            operatorKey = first.Key("operator-key");
        }

        await using var second = await Platform.StartAsync(directory.Path);

        second.Key("operator-key").ShouldBe(operatorKey);
        (await CurrentAsync(second)).GetProperty("number").GetInt32().ShouldBe(version);
        (await second.AccountingAsync(source, "walker-")).ShouldBe(new Accounting(Count + 2, Count));
        await second.AcceptAsync(Workload.Hunt(source, hunt, clues: 2, player: "ada").Skip(2));
        await second.AcceptAsync(Workload.Moves(source, "walker-", Players, Count));
        await second.HandledAsync(source, hunt, Count + 4);
        (await second.AccountingAsync(source, hunt)).Effects.ShouldBe(4);
        (await second.AccountingAsync(source, "walker-")).Effects.ShouldBe(Count);
        var board = await second.Processor.GetFromJsonAsync<JsonElement>(
            "/leaderboard?limit=100",
            TestContext.Current.CancellationToken
        );
        board
            .EnumerateArray()
            .Sum(entry => entry.GetProperty("meters").GetInt32())
            .ShouldBe(Enumerable.Range(0, Count).Sum(Workload.Meters));
    }

    private static Task<JsonElement> CurrentAsync(Platform platform) =>
        platform.Config.GetFromJsonAsync<JsonElement>("/configuration", TestContext.Current.CancellationToken);

    private static async Task<int> PublishAsync(Platform platform, string reason)
    {
        var current = await CurrentAsync(platform);
        using var request = new HttpRequestMessage(HttpMethod.Post, "/configuration/versions")
        {
            Content = JsonContent.Create(new { reason, configuration = current.GetProperty("configuration") }),
        };
        request.Headers.TryAddWithoutValidation("If-Match", $"\"{current.GetProperty("number").GetInt32()}\"");
        using var response = await platform.Config.SendAsync(request, TestContext.Current.CancellationToken);
        ((int)response.StatusCode).ShouldBe(201);
        return current.GetProperty("number").GetInt32() + 1;
    }
}
