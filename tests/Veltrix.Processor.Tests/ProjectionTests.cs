using System.Net.Http.Json;
using System.Text.Json;
using Npgsql;
using Veltrix.Processor.Tests.Support;
using Veltrix.ServiceDefaults.Configuration;

namespace Veltrix.Processor.Tests;

public sealed class ProjectionTests
{
    private const string Moved = "com.veltrix.player.moved";

    [Fact]
    public async Task Events_SentTwiceAndThrice_HaveOneEffect()
    {
        await using var platform = await Platform.CreateAsync();
        var node = await platform.StartAsync();

        for (var round = 0; round < 3; round++)
            await Task.WhenAll(
                Enumerable.Range(0, 300).Select(number => platform.MovedAsync($"player-{number % 7}", $"{number}", 3))
            );
        await platform.MovedAsync("last", "last", 1);

        await platform.UntilAsync("SELECT coalesce(sum(moves), 0)::bigint FROM players", 301);
        (await platform.QueryAsync<long>("SELECT sum(meters)::bigint FROM players")).ShouldBe(901);
        var accounting = await node.Http.GetFromJsonAsync<JsonElement>(
            "/accounting?source=/test&subjectPrefix=player-",
            TestContext.Current.CancellationToken
        );
        accounting.GetProperty("handled").GetInt64().ShouldBe(301);
        accounting.GetProperty("effects").GetInt64().ShouldBe(300);
    }

    [Fact]
    public async Task Records_ThatNobodyCanUse_AreDeadLetteredAndTheOthersApplied()
    {
        await using var platform = await Platform.CreateAsync();
        var text = System.Text.Encoding.UTF8;
        await platform.MovedAsync("ann", "good-1", 5);
        await platform.ProduceAsync(platform.Players, text.GetBytes("key"), text.GetBytes("no headers"), []);
        await platform.ProduceAsync(platform.Players, Moved, "ann", "json", "{");
        await platform.ProduceAsync(
            platform.Players,
            Moved,
            "ann",
            "range",
            """{"latitude":91,"longitude":0,"meters":1}"""
        );
        await platform.ProduceAsync(
            platform.Players,
            Moved,
            "ann",
            "negative",
            """{"latitude":1,"longitude":0,"meters":-1}"""
        );
        await platform.ProduceAsync(
            platform.Players,
            Moved,
            null,
            "nobody",
            """{"latitude":1,"longitude":0,"meters":1}"""
        );
        await platform.ProduceAsync(platform.Players, Moved, "ann", "tombstone", null);
        await platform.ProduceAsync(
            platform.Players,
            Moved,
            "nul\0",
            "nul",
            """{"latitude":1,"longitude":0,"meters":1}"""
        );
        // Longer than a row of an index may be, and random, so that it does not compress: PostgreSQL itself refuses the batch.
        var huge = Convert.ToHexString(System.Security.Cryptography.RandomNumberGenerator.GetBytes(6_000));
        await platform.MovedAsync("ann", huge, 7);
        await platform.ProduceAsync(platform.Players, "com.veltrix.unknown", "ann", "other", "{}");
        await platform.MovedAsync("ann", "good-2", 5);
        var node = await platform.StartAsync();

        await platform.UntilAsync("SELECT coalesce(sum(meters), 0)::bigint FROM players", 10);
        await platform.UntilAsync("SELECT count(*) FROM dead_letters", 8);
        (await platform.QueryAsync<string>("SELECT string_agg(code, ' ' ORDER BY code) FROM dead_letters")).ShouldBe(
            "VX-3001 VX-3001 VX-3001 VX-3001 VX-3001 VX-3001 VX-3002 VX-3002"
        );
        (
            await platform.QueryAsync<string>(
                "SELECT convert_from(value, 'UTF8') FROM dead_letters WHERE key = 'key'::bytea"
            )
        ).ShouldBe("no headers");
        (await platform.QueryAsync<long>("SELECT count(*) FROM handled_events")).ShouldBe(2);
        // Counted after the commit that the query saw.
        var measured = new List<NodeMeasurement>();
        await Platform.UntilAsync(
            () =>
            {
                measured.Add(node.Get<NodeMeter>().Take());
                return Task.FromResult(measured.Sum(second => second.Errors) == 8);
            },
            "all errors are counted"
        );
        measured
            .SelectMany(second => second.ErrorsByCode ?? [])
            .GroupBy(error => error.Code, error => error.Count)
            .ToDictionary(code => code.Key, code => code.Sum())
            .ShouldBe(new Dictionary<string, long> { ["VX-3001"] = 6, ["VX-3002"] = 2 }, ignoreOrder: true);
        measured.Sum(second => second.Handling?.Counts.Sum() ?? 0).ShouldBe(2);
    }

    [Fact]
    public async Task Connections_KilledInMidTransaction_LoseAndDoubleNothing()
    {
        await using var platform = await Platform.CreateAsync();
        await platform.StartAsync();
        await platform.MovedAsync("p0", "first", 1);
        await platform.UntilAsync("SELECT coalesce(sum(moves), 0)::bigint FROM players", 1);

        // There must be work for as long as it takes to meet three transactions.
        using var enough = new CancellationTokenSource();
        var sending = Task.Run(async () =>
        {
            var sent = 0;
            for (; !enough.IsCancellationRequested; sent += 500)
                await Task.WhenAll(
                    Enumerable.Range(sent, 500).Select(number => platform.MovedAsync($"p{number % 50}", $"{number}", 1))
                );
            return sent;
        });
        long killed = 0;
        await Platform.UntilAsync(
            async () =>
            {
                killed += await platform.QueryAsync<long>(
                    """
                    SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity
                    WHERE datname = current_database() AND application_name = 'veltrix-processor'
                      AND state <> 'idle'
                    """
                );
                return killed >= 3;
            },
            "three connections were killed while they worked"
        );
        await enough.CancelAsync();
        var events = await sending + 1;

        await platform.UntilAsync("SELECT coalesce(sum(moves), 0)::bigint FROM players", events);
        (await platform.QueryAsync<long>("SELECT count(*) FROM handled_events")).ShouldBe(events);
    }

    [Fact]
    public async Task Replica_StoppedInMidLoad_LosesAndDoublesNothing()
    {
        await using var platform = await Platform.CreateAsync();
        await platform.StartAsync();
        var second = await platform.StartAsync();
        var sending = Task.WhenAll(
            Enumerable.Range(0, 8_000).Select(number => platform.MovedAsync($"p{number % 100}", $"{number}", 2))
        );

        await Platform.UntilAsync(
            async () => await platform.QueryAsync<long>("SELECT count(*) FROM handled_events") > 500,
            "the load has begun"
        );
        await second.StopAsync();
        var third = await platform.StartAsync();
        await sending;

        await platform.UntilAsync("SELECT coalesce(sum(moves), 0)::bigint FROM players", 8_000);
        (await platform.QueryAsync<long>("SELECT sum(meters)::bigint FROM players")).ShouldBe(16_000);
        (await platform.QueryAsync<long>("SELECT count(*) FROM dead_letters")).ShouldBe(0);
        await Platform.UntilAsync(
            async () =>
            {
                var lines = await third.Http.GetStringAsync(
                    "/accounting/events?source=/test",
                    TestContext.Current.CancellationToken
                );
                return lines.Split('\n', StringSplitOptions.RemoveEmptyEntries).Length == 8_000;
            },
            "every event is in the account"
        );
    }

    [Fact]
    public async Task ConsumerProfile_Published_IsTakenByANewMember()
    {
        await using var platform = await Platform.CreateAsync();
        await platform.StartAsync();
        await platform.MovedAsync("ann", "before", 1);
        await platform.UntilAsync("SELECT coalesce(sum(moves), 0)::bigint FROM players", 1);
        var before = platform.Members(Purposes.Projections).ShouldHaveSingleItem();

        platform.Configuration.Publish(configuration =>
            configuration with
            {
                Processor = configuration.Processor with { Consumer = new(SessionTimeoutMilliseconds: 20_000) },
            }
        );

        await Platform.UntilAsync(
            () => Task.FromResult(platform.Members(Purposes.Projections) is [var after] && after != before),
            "another member is the only one"
        );
        await platform.MovedAsync("ann", "after", 1);
        await platform.UntilAsync("SELECT coalesce(sum(moves), 0)::bigint FROM players", 2);
    }

    [Fact]
    public async Task Partitions_RebalancedWhilePaused_AreReadOn()
    {
        await using var platform = await Platform.CreateAsync();
        platform.Configuration.Publish(configuration =>
            configuration with
            {
                Processor = configuration.Processor with { MaximumBatchEvents = 10 },
            }
        );
        await platform.StartAsync();
        await platform.MovedAsync("ann", "first", 1);
        await platform.UntilAsync("SELECT coalesce(sum(moves), 0)::bigint FROM players", 1);
        await using var connection = await platform.Source.OpenConnectionAsync(TestContext.Current.CancellationToken);
        await using var transaction = await connection.BeginTransactionAsync(TestContext.Current.CancellationToken);
        await using var block = new NpgsqlCommand("LOCK TABLE players IN ACCESS EXCLUSIVE MODE", connection);
        await block.ExecuteNonQueryAsync(TestContext.Current.CancellationToken);
        await Task.WhenAll(
            Enumerable.Range(0, 200).Select(number => platform.MovedAsync($"p{number % 20}", $"{number}", 1))
        );
        // The batch in hand waits and the next is full: the node polls again only with its partitions paused.
        await Platform.UntilAsync(async () => await platform.WaitingSinceAsync() is not null, "a batch waits");

        await platform.StartAsync();
        await Platform.UntilAsync(
            () => Task.FromResult(platform.Members(Purposes.Projections).Count == 2),
            "both are members"
        );
        await transaction.RollbackAsync(TestContext.Current.CancellationToken);

        await platform.UntilAsync("SELECT coalesce(sum(moves), 0)::bigint FROM players", 201);
    }

    [Fact]
    public async Task HandlerTimeout_Passed_RollsBackAndRepeats()
    {
        await using var platform = await Platform.CreateAsync();
        platform.Configuration.Publish(configuration =>
            configuration with
            {
                Processor = configuration.Processor with { HandlerTimeoutMilliseconds = 200 },
            }
        );
        var node = await platform.StartAsync();
        await platform.MovedAsync("ann", "first", 1);
        await platform.UntilAsync("SELECT coalesce(sum(moves), 0)::bigint FROM players", 1);
        await using var connection = await platform.Source.OpenConnectionAsync(TestContext.Current.CancellationToken);
        await using var transaction = await connection.BeginTransactionAsync(TestContext.Current.CancellationToken);
        await using var block = new NpgsqlCommand("LOCK TABLE players IN ACCESS EXCLUSIVE MODE", connection);
        await block.ExecuteNonQueryAsync(TestContext.Current.CancellationToken);
        node.Get<NodeMeter>().Take();

        await platform.MovedAsync("ann", "second", 1);

        // Two attempts that waited for the lock, one after the other.
        var attempts = new HashSet<DateTime>();
        await Platform.UntilAsync(
            async () =>
            {
                if (await platform.WaitingSinceAsync() is { } since)
                    attempts.Add(since);
                return attempts.Count > 1;
            },
            "the batch is tried again"
        );
        // The node shows it: what it cannot handle counts as errors, attempt by attempt.
        var measured = node.Get<NodeMeter>().Take();
        measured.Errors.ShouldBeGreaterThan(0);
        measured.ErrorsByCode!.ShouldHaveSingleItem().Code.ShouldBe("VX-3004");
        measured.Queue!.Bytes.ShouldBeGreaterThan(0);
        measured.Queue.Fraction.ShouldBeInRange(double.Epsilon, 1);
        await transaction.RollbackAsync(TestContext.Current.CancellationToken);
        await platform.UntilAsync("SELECT coalesce(sum(moves), 0)::bigint FROM players", 2);
    }

    [Fact]
    public async Task Leaderboard_AfterRedisLostIt_IsThatOfPostgres()
    {
        await using var platform = await Platform.CreateAsync();
        var node = await platform.StartAsync();
        await Task.WhenAll(
            Enumerable.Range(0, 400).Select(number => platform.MovedAsync($"p{number % 40}", $"a{number}", number))
        );
        await platform.UntilAsync("SELECT coalesce(sum(moves), 0)::bigint FROM players", 400);
        await SameAsync(platform);

        await platform.ForgetLeaderboardAsync();
        await platform.MovedAsync("p1", "after", 1_000);

        await platform.UntilAsync("SELECT coalesce(sum(moves), 0)::bigint FROM players", 401);
        await SameAsync(platform);
        var first = await node.Http.GetFromJsonAsync<JsonElement>(
            "/leaderboard?limit=1",
            TestContext.Current.CancellationToken
        );
        first[0].GetProperty("player").GetString().ShouldBe("p1");
    }

    [Fact]
    public async Task GitHubEvents_AreCountedByTypeAndSubject()
    {
        await using var platform = await Platform.CreateAsync();
        var node = await platform.StartAsync();
        for (var number = 0; number < 6; number++)
            await platform.ProduceAsync(
                platform.GitHub,
                number % 3 == 0 ? "com.github.push" : "com.github.issues.opened",
                "veltrix/veltrix",
                $"{number}",
                "[not even looked at"
            );
        await platform.UntilAsync("SELECT coalesce(sum(count), 0)::bigint FROM github_counts", 6);

        var counts = await node.Http.GetFromJsonAsync<JsonElement>(
            "/projections/github",
            TestContext.Current.CancellationToken
        );

        counts
            .EnumerateArray()
            .Select(count => (count.GetProperty("type").GetString(), count.GetProperty("count").GetInt64()))
            .ShouldBe([("com.github.issues.opened", 4L), ("com.github.push", 2L)]);
    }

    private static Task SameAsync(Platform platform) =>
        Platform.UntilAsync(
            async () =>
            {
                var expected = new Dictionary<string, long>(StringComparer.Ordinal);
                await using var command = platform.Source.CreateCommand("SELECT player, meters FROM players");
                await using var reader = await command.ExecuteReaderAsync(TestContext.Current.CancellationToken);
                while (await reader.ReadAsync(TestContext.Current.CancellationToken))
                    expected.Add(reader.GetString(0), reader.GetInt64(1));
                var actual = await platform.LeaderboardAsync();
                return expected.Count == actual.Count
                    && expected.All(entry => actual.GetValueOrDefault(entry.Key) == entry.Value);
            },
            "the leaderboard is that of PostgreSQL"
        );
}
