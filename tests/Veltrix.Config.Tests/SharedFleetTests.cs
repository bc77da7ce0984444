using Npgsql;
using Veltrix.Config.Nodes;
using Veltrix.Configuration;
using Veltrix.Testing;

namespace Veltrix.Config.Tests;

/// <summary>Several replicas over one real PostgreSQL show the same fleet.</summary>
public sealed class SharedFleetTests
{
    private static readonly TimeSpan Second = TimeSpan.FromSeconds(1);
    private static readonly string Hash = CanonicalJson.Hash(PlatformConfiguration.Default);

    [Fact]
    public async Task Fleet_NodeOfAnotherReplica_ShowsItsDriftSinceTheSameMoment()
    {
        await using var database = await Database.NewAsync();
        await using var first = await FleetReplica.StartAsync(database);
        await using var second = await FleetReplica.StartAsync(database);
        await first.ReportAsync(Report("a"));
        await second.ReportAsync(Report("b", hash: new string('0', 64)));

        await StepAsync(first, second, first);

        var (seenByFirst, seenBySecond) = (await first.FleetAsync(), await second.FleetAsync());
        seenByFirst.Select(Text).ShouldBe(seenBySecond.Select(Text));
        seenByFirst.Select(node => node.Condition).ShouldBe([NodeCondition.Current, NodeCondition.Drifted]);
        seenByFirst[1].Detail.ShouldContain(new string('0', 64));
        seenByFirst[1].Since.ShouldBe(seenBySecond[1].Since, TimeSpan.FromMicroseconds(1));
        (await first.GetAsync("/nodes", ConfigurationJson.Default.IReadOnlyListNodeReport)).Count.ShouldBe(2);
    }

    [Fact]
    public async Task Fleet_NodeMoves_IsSilentNowhere_AndKeepsItsSince()
    {
        await using var database = await Database.NewAsync();
        await using var first = await FleetReplica.StartAsync(database);
        await using var second = await FleetReplica.StartAsync(database);
        await first.ReportAsync(Report("a", hash: "another"));
        await StepAsync(first, second);
        var since = (await first.FleetAsync())[0].Since;

        for (var seconds = 0; seconds < 10; seconds++)
        {
            first.Time.Advance(Second);
            second.Time.Advance(Second);
            await second.ReportAsync(Report("a", hash: "another"));
            await StepAsync(second, first);
            foreach (var replica in new[] { first, second })
            {
                var node = (await replica.FleetAsync()).ShouldHaveSingleItem();
                node.Condition.ShouldBe(NodeCondition.Drifted);
                node.Since.ShouldBe(since, TimeSpan.FromMicroseconds(1));
            }
        }

        second.Time.Advance(Second);
        await first.ReportAsync(Report("a"));
        await StepAsync(first, second);
        (await second.FleetAsync())[0].Condition.ShouldBe(NodeCondition.Current);
    }

    [Fact]
    public async Task Fleet_ReplicaIsGone_ItsNodesAreSilentSinceTheirLastReport_AndReturnWhenTheyReportElsewhere()
    {
        await using var database = await Database.NewAsync();
        await using var second = await FleetReplica.StartAsync(database);
        await using (var first = await FleetReplica.StartAsync(database))
        {
            await first.ReportAsync(Report("a"));
            await first.ReportAsync(Report("b"));
            await StepAsync(first, second);
        }
        (await second.FleetAsync()).ShouldAllBe(node => node.Condition == NodeCondition.Current);

        second.Time.Advance(5 * Second);
        await second.ReportAsync(Report("b"));
        await second.StepAsync();

        var fleet = await second.FleetAsync();
        fleet.Select(node => node.Condition).ShouldBe([NodeCondition.Silent, NodeCondition.Current]);
        (await ReadAsync<DateTime>(database, "select seen_at from fleet_nodes where node = 'a'")).ShouldBe(
            fleet[0].Since.UtcDateTime,
            TimeSpan.FromSeconds(10)
        );
    }

    [Fact]
    public async Task Fleet_NodeStoppedInGoodOrder_IsShownByNoReplica_UntilItReportsAgain()
    {
        await using var database = await Database.NewAsync();
        await using var first = await FleetReplica.StartAsync(database);
        await using var second = await FleetReplica.StartAsync(database);
        await first.ReportAsync(Report("a"));
        await StepAsync(first, second);

        await first.ReportAsync(Report("a") with { IsLeaving = true });
        await StepAsync(first, second);

        (await first.FleetAsync()).ShouldBeEmpty();
        (await second.FleetAsync()).ShouldBeEmpty();
        await second.GetAsync("/fleet/a").ShouldBeRefusedAsync(404, "VX-2040");
        await using var third = await FleetReplica.StartAsync(database);
        (await third.FleetAsync()).ShouldBeEmpty();
        await first.ReportAsync(Report("a"));
        await StepAsync(first, second);
        (await second.FleetAsync()).ShouldHaveSingleItem().Condition.ShouldBe(NodeCondition.Current);
    }

    [Fact]
    public async Task Fleet_ReplicaStarts_KnowsWhoWasSilentBefore()
    {
        await using var database = await Database.NewAsync();
        await using (var first = await FleetReplica.StartAsync(database))
        {
            await first.ReportAsync(Report("a"));
            await first.StepAsync();
        }
        await ExecuteAsync(database, "update fleet_nodes set seen_at = seen_at - interval '1 minute'");

        await using var second = await FleetReplica.StartAsync(database);

        var node = (await second.FleetAsync()).ShouldHaveSingleItem();
        node.Condition.ShouldBe(NodeCondition.Silent);
        (await ReadAsync<DateTime>(database, "select seen_at from fleet_nodes")).ShouldBe(
            node.Since.UtcDateTime,
            TimeSpan.FromSeconds(10)
        );
    }

    [Fact]
    public async Task Fleet_StoreAway_ShowsWhatItKnows_AndCallsNobodySilentWhoMayReportElsewhere()
    {
        await using var database = await Database.NewAsync();
        await using var first = await FleetReplica.StartAsync(database);
        await using var second = await FleetReplica.StartAsync(database);
        await first.ReportAsync(Report("a"));
        await second.ReportAsync(Report("b"));
        await StepAsync(first, second);

        await database.TakeAwayAsync();
        second.Time.Advance(TimeSpan.FromMinutes(1));
        await second.ReportAsync(Report("b"));
        await Should.ThrowAsync<Exception>(second.StepAsync);

        (await second.FleetAsync())
            .Select(node => node.Condition)
            .ShouldBe([NodeCondition.Current, NodeCondition.Current]);
        await database.BringBackAsync();
        await second.StepAsync();
        (await second.FleetAsync())[0].Condition.ShouldBe(NodeCondition.Silent);
        // What was told during the outage is told again.
        await first.StepAsync();
        (await first.FleetAsync()).Count.ShouldBe(2);
    }

    [Fact]
    public async Task Fleet_ClockOfAReplicaSteps_NobodyFallsSilent()
    {
        await using var database = await Database.NewAsync();
        await using var first = await FleetReplica.StartAsync(database);
        await using var second = await FleetReplica.StartAsync(database);

        foreach (var step in new[] { 0, 1, -5 })
        {
            first.Time.SetClock(TimeSpan.FromHours(step));
            await first.ReportAsync(Report("a"));
            await StepAsync(first, second);
            (await first.FleetAsync())[0].Condition.ShouldBe(NodeCondition.Current);
            (await second.FleetAsync())[0].Condition.ShouldBe(NodeCondition.Current);
        }
        var shown = await second.GetAsync("/fleet/a/reports", ConfigurationJson.Default.IReadOnlyListReceivedReport);
        shown.Count.ShouldBe(3);
        (shown[0].ReceivedAt - shown[^1].ReceivedAt).ShouldBeLessThan(TimeSpan.FromMinutes(10));
    }

    [Fact]
    public async Task Fleet_ClockOfTheDatabaseWasSetBack_NobodyFallsSilent()
    {
        await using var database = await Database.NewAsync();
        await using var first = await FleetReplica.StartAsync(database);
        await using var second = await FleetReplica.StartAsync(database);
        await first.ReportAsync(Report("a"));
        await StepAsync(first, second);
        await ExecuteAsync(database, "update fleet_nodes set seen_at = seen_at + interval '1 hour'");
        await second.StepAsync();

        first.Time.Advance(5 * Second);
        second.Time.Advance(5 * Second);
        await first.ReportAsync(Report("a"));
        await StepAsync(first, second);

        (await second.FleetAsync()).ShouldHaveSingleItem().Condition.ShouldBe(NodeCondition.Current);
    }

    [Fact]
    public async Task Reports_AreAnsweredByEveryReplica_InPages()
    {
        await using var database = await Database.NewAsync();
        await using var first = await FleetReplica.StartAsync(database);
        await using var second = await FleetReplica.StartAsync(database);
        for (var number = 1; number <= 3; number++)
        {
            first.Time.Advance(Second);
            await first.ReportAsync(Report("a", version: number));
            await StepAsync(first, second);
        }

        foreach (var replica in new[] { first, second })
        {
            var newest = await replica.GetAsync(
                "/fleet/a/reports?limit=2",
                ConfigurationJson.Default.IReadOnlyListReceivedReport
            );
            newest.Select(entry => entry.Report.Version).ShouldBe([3, 2]);
            var rest = await replica.GetAsync(
                $"/fleet/a/reports?before={newest[^1].ReceivedAt.UtcDateTime:O}",
                ConfigurationJson.Default.IReadOnlyListReceivedReport
            );
            rest.ShouldHaveSingleItem().Report.Version.ShouldBe(1);
            (await replica.GetAsync("/fleet/a", ConfigurationJson.Default.FleetNode)).Report.Version.ShouldBe(3);
        }
        await first.GetAsync("/fleet/b").ShouldBeRefusedAsync(404, "VX-2040");
        await first.GetAsync("/fleet/b/reports").ShouldBeRefusedAsync(404, "VX-2040");
        await first.GetAsync("/fleet/a/reports?limit=301").ShouldBeRefusedAsync(400, "VX-2006");
        await first.GetAsync("/fleet/a/reports?before=noon").ShouldBeRefusedAsync(400, "VX-2006");
    }

    [Fact]
    public async Task Fleet_RowsThatThisReleaseCannotRead_AreLeftOut_AndNewMembersOfAReportIgnored()
    {
        await using var database = await Database.NewAsync();
        await using var first = await FleetReplica.StartAsync(database);
        await using var second = await FleetReplica.StartAsync(database);
        foreach (var node in new[] { "condition", "member", "report" })
            await first.ReportAsync(Report(node));
        await first.StepAsync();
        await ExecuteAsync(
            database,
            """
            update fleet_nodes set condition = 'Dreaming' where node = 'condition';
            update fleet_nodes set report = replace(report, '{"node"', '{"mood":1,"node"') where node = 'member';
            update fleet_nodes set report = '{' where node = 'report';
            """
        );

        await second.StepAsync();

        (await second.FleetAsync()).ShouldHaveSingleItem().Node.ShouldBe("member");
    }

    [Fact]
    public async Task Step_MoreRowsThanTheLimit_KeepsTheLatest()
    {
        await using var database = await Database.NewAsync();
        await using var replica = await FleetReplica.StartAsync(database);
        await ExecuteAsync(
            database,
            $$"""
            insert into fleet_nodes
            select 'node-' || number, 's', gen_random_uuid(), clock_timestamp() - number * interval '1 millisecond',
                'Current', now(), '', '{}'
            from generate_series(1, {{NodeRegistry.MaximumNodes}} + 100) number;
            insert into fleet_nodes values
                ('gone', 's', gen_random_uuid(), now() - interval '11 minutes', 'Current', now(), '', '{}')
            """
        );

        await replica.StepAsync();

        (await ReadAsync<long>(database, "select count(*) from fleet_nodes")).ShouldBe(NodeRegistry.MaximumNodes);
        (await ReadAsync<long>(database, "select count(*) from fleet_nodes where node in ('node-1', 'gone')")).ShouldBe(
            1
        );
        // A row that no release wrote is nobody's node.
        (await replica.FleetAsync()).ShouldBeEmpty();
    }

    [Fact]
    public async Task Fleet_ByItself_IsTheSameEverywhereWithinSeconds()
    {
        await using var database = await Database.NewAsync();
        await using var first = await Replica.StartReadyAsync(database);
        await using var second = await Replica.StartReadyAsync(database);
        using var node = new Rollouts.SimulatedNode("a", "processor", TimeProvider.System);
        await node.ConnectAsync(first);
        await node.ReceiveAsync(1);
        await node.ReportAsync();
        using var client = second.As(ServiceDefaults.Security.Roles.Operator);

        await Eventually.HoldsAsync(
            async () => (await client.GetStringAsync("/fleet")).Contains("\"node\":\"a\"", StringComparison.Ordinal),
            cancellation: TestContext.Current.CancellationToken
        );
    }

    private static async Task StepAsync(params FleetReplica[] replicas)
    {
        foreach (var replica in replicas)
            await replica.StepAsync();
    }

    private static string Text(FleetNode node) => $"{node.Node} {node.Condition} {node.Detail} {node.Report.Version}";

    private static async Task ExecuteAsync(Database database, string sql)
    {
        await using var connection = await database.OpenAsync();
        await using var command = new NpgsqlCommand(sql, connection);
        await command.ExecuteNonQueryAsync(TestContext.Current.CancellationToken);
    }

    private static async Task<T> ReadAsync<T>(Database database, string sql)
    {
        await using var connection = await database.OpenAsync();
        await using var command = new NpgsqlCommand(sql, connection);
        return (T)(await command.ExecuteScalarAsync(TestContext.Current.CancellationToken))!;
    }

    private static NodeReport Report(string node, int version = 1, string? hash = null) =>
        new(node, "processor", version, hash ?? Hash, default, default, 0.5, 1, 0, 0, null, null, 2);
}
