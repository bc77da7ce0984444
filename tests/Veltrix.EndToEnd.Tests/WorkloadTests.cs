using System.Net.Http.Json;
using System.Text.Json;
using Veltrix.Testing;

namespace Veltrix.EndToEnd.Tests;

/// <summary>Every event that is accepted has its effect exactly once.</summary>
[Collection(RunningPlatformCollection.Name)]
public sealed class WorkloadTests(RunningPlatform running)
{
    private readonly Platform _platform = running.Platform;

    [Fact]
    public async Task Hunts_PlayedToTheEnd_AreCompletedWithTheirHistory()
    {
        var source = Workload.NewSource();
        var prefix = $"hunt-{Guid.NewGuid():N}-";
        string[] hunts = [.. Enumerable.Range(0, 25).Select(number => $"{prefix}{number}")];

        await _platform.AcceptAsync(hunts.SelectMany(hunt => Workload.Hunt(source, hunt, clues: 3, player: "ada")));

        var accounting = await _platform.HandledAsync(source, prefix, hunts.Length * 5);
        accounting.ShouldBe(new Accounting(hunts.Length * 5, hunts.Length * 5));
        foreach (var hunt in hunts)
        {
            var details = await _platform.Processor.GetFromJsonAsync<JsonElement>(
                $"/workflows/hunts/{hunt}",
                TestContext.Current.CancellationToken
            );
            details.GetProperty("state").GetString().ShouldBe("Completed");
            details.GetProperty("cluesFound").GetInt32().ShouldBe(3);
            details.GetProperty("history").GetArrayLength().ShouldBe(5);
        }
    }

    [Fact]
    public async Task Hunt_Abandoned_EndsAbandoned()
    {
        var source = Workload.NewSource();
        var hunt = $"hunt-{Guid.NewGuid():N}";

        await _platform.AcceptAsync([
            Workload.Event(source, "1", "com.veltrix.hunt.started", hunt, new { name = "Rain", clues = 2 }),
            Workload.Event(source, "2", "com.veltrix.hunt.abandoned", hunt, new { reason = "rain" }),
        ]);

        await _platform.HandledAsync(source, hunt, 2);
        var details = await _platform.Processor.GetFromJsonAsync<JsonElement>(
            $"/workflows/hunts/{hunt}",
            TestContext.Current.CancellationToken
        );
        details.GetProperty("state").GetString().ShouldBe("Abandoned");
    }

    [Fact]
    public async Task Moves_SentTwice_CountOnceInProjectionAndLeaderboard()
    {
        const int Players = 7;
        const int Count = 2_100;
        var source = Workload.NewSource();
        var prefix = $"player-{Guid.NewGuid():N}-";

        await _platform.AcceptAsync(Workload.Moves(source, prefix, Players, Count));
        await _platform.AcceptAsync(Workload.Moves(source, prefix, Players, Count));
        // A later event of the same keys: once it is handled, both copies before it are.
        await _platform.AcceptAsync(Workload.Moves(source, prefix, Players, Players, firstId: Count));

        var accounting = await _platform.HandledAsync(source, prefix, Count + Players);
        accounting.ShouldBe(new Accounting(Count + Players, Count + Players));

        var expected = Enumerable
            .Range(0, Count + Players)
            .GroupBy(move => $"{prefix}{move % Players}", Workload.Meters)
            .ToDictionary(group => group.Key, group => group.Sum());
        var board = await Eventually.AnswersAsync(
            LeaderboardAsync,
            board => expected.All(entry => board.GetValueOrDefault(entry.Key) == entry.Value),
            TimeSpan.FromSeconds(30)
        );
        board.Keys.ShouldContain($"{prefix}0");
    }

    [Fact]
    public async Task Webhooks_RecordedFromGitHub_AreCountedByTypeAndSubject()
    {
        var source = Workload.NewSource();
        var prefix = $"{Guid.NewGuid():N}/";
        var webhooks = Webhooks.Read();

        await _platform.AcceptAsync(
            webhooks.Select(
                (webhook, index) =>
                    Workload.Event(source, $"{index}", webhook.Type, prefix + webhook.Subject, webhook.Payload)
            ),
            batchSize: 20
        );

        var accounting = await _platform.HandledAsync(source, prefix, webhooks.Count);
        accounting.ShouldBe(new Accounting(webhooks.Count, webhooks.Count));
    }

    [Fact]
    public async Task Configuration_PublishedWithOtherWorkers_IsAppliedByEveryProcessorWithoutARestart()
    {
        var before = _platform.Replicas("processor").Select(replica => replica.ProcessId).ToList();
        using var current = JsonDocument.Parse(
            await _platform.Config.GetStringAsync("/configuration", TestContext.Current.CancellationToken)
        );
        var document = System.Text.Json.Nodes.JsonNode.Parse(
            current.RootElement.GetProperty("configuration").GetRawText()
        )!;
        var workers = document["processor"]!["workers"]!.GetValue<int>() == 3 ? 4 : 3;
        document["processor"]!["workers"] = workers;

        using var request = new HttpRequestMessage(HttpMethod.Post, "/configuration/versions")
        {
            Content = JsonContent.Create(new { reason = "More hands", configuration = document }),
        };
        request.Headers.TryAddWithoutValidation(
            "If-Match",
            $"\"{current.RootElement.GetProperty("number").GetInt32()}\""
        );
        using var published = await _platform.Config.SendAsync(request, TestContext.Current.CancellationToken);

        ((int)published.StatusCode).ShouldBe(201);
        await Eventually.AnswersAsync(
            () => _platform.Config.GetFromJsonAsync<JsonElement>("/nodes", TestContext.Current.CancellationToken),
            nodes =>
                nodes.EnumerateArray().Count(node => node.GetProperty("service").GetString() == "processor") >= 2
                && nodes
                    .EnumerateArray()
                    .Where(node => node.GetProperty("service").GetString() == "processor")
                    .All(node => node.GetProperty("workers").GetInt32() == workers),
            TimeSpan.FromSeconds(30)
        );
        _platform.Replicas("processor").Select(replica => replica.ProcessId).ShouldBe(before);
    }

    private async Task<Dictionary<string, long>> LeaderboardAsync()
    {
        var board = await _platform.Processor.GetFromJsonAsync<JsonElement>(
            "/leaderboard?limit=100",
            TestContext.Current.CancellationToken
        );
        return board
            .EnumerateArray()
            .ToDictionary(
                entry => entry.GetProperty("player").GetString()!,
                entry => entry.GetProperty("meters").GetInt64()
            );
    }
}
