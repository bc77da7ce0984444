using System.Net.Http.Json;
using System.Text;
using System.Text.Json;
using Npgsql;
using Veltrix.Configuration.Rollouts;
using Veltrix.Testing;

namespace Veltrix.EndToEnd.Tests;

/// <summary>A configuration that passes every check and is bad for the machine at hand meets one node, and is taken back.</summary>
[Collection(RunningPlatformCollection.Name)]
public sealed class RolloutTests(RunningPlatform running)
{
    private const int BatchEvents = 20;
    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(3);
    private readonly Platform _platform = running.Platform;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    /// <summary>
    /// A full batch takes 0.1 s by the doctor's service times, so it accepts a timeout of 250 ms. Here the database takes 0.4 s
    /// for each batch of the test's events, which only shows when a node runs on it.
    /// </summary>
    [Fact]
    public async Task Rollout_OfATimeoutThatTheDatabaseCannotMeet_IsTakenBackByItselfAndLosesNothing()
    {
        var source = Workload.NewSource();
        var prefix = $"player-{Guid.NewGuid():N}-";
        await using var processing = NpgsqlDataSource.Create(await _platform.ConnectionStringAsync("processingdb"));
        await SlowDownAsync(processing, source);
        using var ended = CancellationTokenSource.CreateLinkedTokenSource(Cancellation);
        var sending = SendUntilAsync(source, prefix, ended.Token);
        Rollout rollout;
        try
        {
            await Eventually.AnswersAsync(
                () => _platform.AccountingAsync(source, prefix),
                accounting => accounting.Handled > 0,
                Limit
            );
            var started = await StartAsync();
            rollout =
                await Eventually.AnswersAsync(
                    () =>
                        _platform.Config.GetFromJsonAsync($"/rollouts/{started.Number}", RolloutJson.Default.Rollout)!,
                    latest => latest!.EndedAt is not null,
                    Limit
                ) ?? throw new InvalidOperationException("No rollout.");
        }
        finally
        {
            await ended.CancelAsync();
            await RestoreSpeedAsync(processing);
        }
        var sent = await sending;

        var evidence = string.Join('\n', rollout.Evidence.Select(entry => entry.Text));
        rollout.State.ShouldBe("rolledBack", evidence);
        rollout.Evidence.Where(entry => entry.IsWorse).ShouldContain(entry => entry.Text.Contains("errors"), evidence);
        var canary = rollout.Nodes.ShouldHaveSingleItem();
        (await VersionsAsync(rollout)).ShouldSatisfyAllConditions(
            versions => versions[canary.Node].ShouldContain(rollout.Candidate),
            versions => versions.Count.ShouldBeGreaterThanOrEqualTo(4),
            versions =>
                versions
                    .Where(node => node.Key != canary.Node)
                    .ShouldAllBe(node => !node.Value.Contains(rollout.Candidate))
        );
        var accounting = await _platform.HandledAsync(source, prefix, sent);
        accounting.ShouldBe(new Accounting(sent, sent));
        (await DeadLettersAsync(processing, source)).ShouldBe(0);
    }

    /// <summary>Sends some moves ten times a second.</summary>
    /// <returns>How many were acknowledged.</returns>
    private async Task<int> SendUntilAsync(string source, string prefix, CancellationToken end)
    {
        using var timer = new PeriodicTimer(TimeSpan.FromMilliseconds(100));
        var sent = 0;
        try
        {
            do
            {
                await _platform.AcceptAsync(Workload.Moves(source, prefix, players: 60, BatchEvents, firstId: sent));
                sent += BatchEvents;
            } while (await timer.WaitForNextTickAsync(end));
        }
        catch (OperationCanceledException) when (end.IsCancellationRequested)
        {
            // Enough.
        }
        return sent;
    }

    private async Task<Rollout> StartAsync()
    {
        using var patch = new StringContent(
            """{"processor":{"handlerTimeoutMilliseconds":250}}""",
            Encoding.UTF8,
            "application/merge-patch+json"
        );
        using var proposed = await _platform.Config.PostAsync(
            "/configuration/proposals?reason=Fail+faster",
            patch,
            Cancellation
        );
        ((int)proposed.StatusCode).ShouldBe(201, await proposed.Content.ReadAsStringAsync(Cancellation));
        var proposal = await proposed.Content.ReadFromJsonAsync<JsonElement>(Cancellation);
        using var started = await _platform.Config.PostAsJsonAsync(
            "/rollouts",
            new RolloutRequest(
                proposal.GetProperty("number").GetInt32(),
                [new(Count: 1, Label: "processor"), new(Percent: 100)],
                BakeSeconds: 10,
                "Fail faster"
            ),
            RolloutJson.Default.RolloutRequest,
            Cancellation
        );
        ((int)started.StatusCode).ShouldBe(201, await started.Content.ReadAsStringAsync(Cancellation));
        return (await started.Content.ReadFromJsonAsync(RolloutJson.Default.Rollout, Cancellation))!;
    }

    /// <summary>Every version that each node reported to run during the rollout.</summary>
    private async Task<Dictionary<string, List<int>>> VersionsAsync(Rollout rollout)
    {
        await using var config = NpgsqlDataSource.Create(await _platform.ConnectionStringAsync("configdb"));
        await using var command = config.CreateCommand(
            "select distinct node, version from rollout_samples where version is not null and at >= $1"
        );
        command.Parameters.Add(new() { Value = rollout.StartedAt.UtcDateTime });
        await using var reader = await command.ExecuteReaderAsync(Cancellation);
        var versions = new Dictionary<string, List<int>>();
        while (await reader.ReadAsync(Cancellation))
        {
            if (!versions.TryGetValue(reader.GetString(0), out var list))
                versions[reader.GetString(0)] = list = [];
            list.Add(reader.GetInt32(1));
        }
        return versions;
    }

    private static async Task SlowDownAsync(NpgsqlDataSource database, string source)
    {
        await using var command = database.CreateCommand(
            $"""
            create function take_long() returns trigger language plpgsql as $$
            begin
                if exists (select from added where source = '{source}') then
                    perform pg_sleep(0.4);
                end if;
                return null;
            end $$;
            create trigger take_long after insert on handled_events
                referencing new table as added for each statement execute function take_long();
            """
        );
        await command.ExecuteNonQueryAsync(Cancellation);
    }

    private static async Task RestoreSpeedAsync(NpgsqlDataSource database)
    {
        await using var command = database.CreateCommand("drop function take_long cascade");
        await command.ExecuteNonQueryAsync(Cancellation);
    }

    private static async Task<long> DeadLettersAsync(NpgsqlDataSource database, string source)
    {
        await using var command = database.CreateCommand(
            """
            select count(*) from dead_letters
            where exists (select from json_array_elements(headers) as header where header ->> 'value' = $1)
            """
        );
        command.Parameters.Add(new() { Value = source });
        return (long)(await command.ExecuteScalarAsync(Cancellation))!;
    }
}
