using Microsoft.Extensions.DependencyInjection;
using Npgsql;
using Veltrix.Config.Nodes;
using Veltrix.Configuration;

namespace Veltrix.Config.Tests;

/// <summary>The nodes' minutes in a real PostgreSQL.</summary>
public sealed class HistoryTests
{
    private static readonly TimeSpan Minute = TimeSpan.FromMinutes(1);

    [Fact]
    public async Task History_ReportsOfAMinute_AreOneRowOnceItIsOver()
    {
        await using var database = await Database.NewAsync();
        await using var replica = await FleetReplica.StartAsync(database);
        await replica.ReportAsync(Report("a", events: 20, version: 1, bucket: 40, error: "VX-1009", queue: 0.2));
        await replica.ReportAsync(Report("a", events: 10, version: 2, bucket: 80, error: "VX-1009", queue: 0.1));
        await replica.WriteMinutesAsync();
        (await replica.HistoryAsync("a")).ShouldBeEmpty();

        replica.Time.Advance(Minute);
        await replica.WriteMinutesAsync();

        var row = (await replica.HistoryAsync("a")).ShouldHaveSingleItem();
        (row.Reports, row.EventsPerSecond).ShouldBe((2, 15));
        row.Versions.ShouldBe([1, 2]);
        row.Errors.ShouldBe([new("VX-1009", 6)]);
        row.Queue!.Fraction.ShouldBe(0.2);
        row.LatencyP50Milliseconds.ShouldBe(Milliseconds(40));
        row.LatencyP99Milliseconds.ShouldBe(Milliseconds(80));
        row.Minute.Ticks.ShouldBe(row.Minute.Ticks / TimeSpan.TicksPerMinute * TimeSpan.TicksPerMinute);
        (await replica.HistoryAsync("b")).ShouldBeEmpty();
    }

    [Fact]
    public async Task History_NodeReportsToTwoReplicasWithinAMinute_IsAddedUp()
    {
        await using var database = await Database.NewAsync();
        var minute = new DateTimeOffset(2026, 11, 21, 12, 0, 0, TimeSpan.Zero);
        await using var first = await FleetReplica.StartAsync(database);
        await using var second = await FleetReplica.StartAsync(database);
        var one = Ended(minute, Report("a", events: 10, version: 1, bucket: 40, error: "VX-1009"));
        var other = Ended(minute, Report("a", events: 30, version: 1, bucket: 48, error: "VX-1010"));

        await WriteAsync(first, one);
        await WriteAsync(second, other);
        // The answer to a commit got lost: it is written again.
        await WriteAsync(first, one);
        await WriteAsync(second, other, one);

        foreach (var replica in new[] { first, second })
        {
            var row = (await replica.HistoryAsync("a")).ShouldHaveSingleItem();
            (row.Reports, row.EventsPerSecond).ShouldBe((2, 20));
            row.Errors.ShouldBe([new("VX-1009", 3), new("VX-1010", 3)]);
            row.LatencyP99Milliseconds.ShouldBe(Milliseconds(48));
            row.Latency!.Counts.Sum().ShouldBe(40);
        }
    }

    [Fact]
    public async Task History_TwoReplicasWriteTheSameMinutesAtOnce_LosesNothing()
    {
        const int Nodes = 50;
        await using var database = await Database.NewAsync();
        var minute = new DateTimeOffset(2026, 11, 21, 12, 0, 0, TimeSpan.Zero);
        await using var first = await FleetReplica.StartAsync(database);
        await using var second = await FleetReplica.StartAsync(database);
        EndedMinute[] Parts() =>
            [.. Enumerable.Range(0, Nodes).Select(number => Ended(minute, Report($"n{number}", events: 1)))];

        await Task.WhenAll(
            Enumerable.Range(0, 8).Select(round => WriteAsync(round % 2 == 0 ? first : second, Parts()))
        );

        for (var number = 0; number < Nodes; number++)
            (await first.HistoryAsync($"n{number}")).ShouldHaveSingleItem().Reports.ShouldBe(8);
    }

    [Fact]
    public async Task History_StoreAway_IsWrittenWhenItIsBack()
    {
        await using var database = await Database.NewAsync();
        await using var replica = await FleetReplica.StartAsync(database);
        await replica.ReportAsync(Report("a", events: 10));
        replica.Time.Advance(Minute);

        await database.TakeAwayAsync();
        await Should.ThrowAsync<Exception>(replica.WriteMinutesAsync);
        await replica.GetAsync("/fleet/a/history").ShouldBeRefusedAsync(503, "VX-2005");
        await database.BringBackAsync();
        await replica.WriteMinutesAsync();

        (await replica.HistoryAsync("a")).ShouldHaveSingleItem().EventsPerSecond.ShouldBe(10);
    }

    [Fact]
    public async Task History_ServiceStops_KeepsTheMinuteUnderWay_AndTheNextAddsToIt()
    {
        await using var database = await Database.NewAsync();
        await using (var first = await FleetReplica.StartAsync(database))
            await first.ReportAsync(Report("a", events: 10));

        await using var second = await FleetReplica.StartAsync(database);

        (await second.HistoryAsync("a")).ShouldHaveSingleItem().EventsPerSecond.ShouldBe(10);
    }

    [Fact]
    public async Task History_InPages_IsBoundedByTimes()
    {
        await using var database = await Database.NewAsync();
        await using var replica = await FleetReplica.StartAsync(database);
        var noon = new DateTimeOffset(2026, 11, 21, 12, 0, 0, TimeSpan.Zero);
        await WriteAsync(
            replica,
            [
                .. Enumerable
                    .Range(0, 5)
                    .Select(number => Ended(noon + (number * Minute), Report("a", version: number + 1))),
            ]
        );

        (await Versions("?limit=2")).ShouldBe([5, 4]);
        (await Versions("?to=2026-11-21T12:03:00Z&limit=2")).ShouldBe([3, 2]);
        (await Versions("?from=2026-11-21T12:01:00Z&to=2026-11-21T14:03:00%2B02:00")).ShouldBe([3, 2]);
        await replica.GetAsync("/fleet/a/history?from=noon").ShouldBeRefusedAsync(400, "VX-2006");
        await replica.GetAsync("/fleet/a/history?to=").ShouldBeRefusedAsync(400, "VX-2006");
        await replica.GetAsync("/fleet/a/history?limit=1441").ShouldBeRefusedAsync(400, "VX-2006");

        async Task<IEnumerable<int>> Versions(string query) =>
            (await replica.HistoryAsync("a", query)).Select(minute => minute.Versions.Single());
    }

    [Fact]
    public async Task Tidy_MinutesThatAreTooOldOrTooMany_AreDeleted()
    {
        const int Kept = 2_500;
        await using var database = await Database.NewAsync();
        await using var replica = await FleetReplica.StartAsync(database, ("Fleet:MaximumMinutes", $"{Kept}"));
        await FillAsync(database, "now() - interval '8 days'", 1_500);
        await FillAsync(database, "now()", Kept + 1_200);

        await replica.TidyMinutesAsync();

        await using var connection = await database.OpenAsync();
        await using var count = new NpgsqlCommand("select count(*), min(minute) from node_minutes", connection);
        await using var row = await count.ExecuteReaderAsync(TestContext.Current.CancellationToken);
        await row.ReadAsync(TestContext.Current.CancellationToken);
        row.GetInt64(0).ShouldBe(Kept);
        row.GetDateTime(1).ShouldBeGreaterThan(DateTime.UtcNow.AddMinutes(-Kept - 1));
    }

    [Fact]
    public void MinuteQueue_StoreAwayForLong_GivesUpTheOldest()
    {
        var queue = new MinuteQueue();
        for (var number = 0; number < MinuteQueue.Maximum + 2; number++)
            queue.Add(Ended(DateTimeOffset.UnixEpoch + (number * Minute), Report("a")));

        queue.TakeLost().ShouldBe(2);
        queue.TakeLost().ShouldBe(0);
        var taken = queue.Take(int.MaxValue);
        taken.Count.ShouldBe(MinuteQueue.Maximum);
        taken[0].Summary.Minute.ShouldBe(DateTimeOffset.UnixEpoch + (2 * Minute));
        queue.Take(1).ShouldBeEmpty();
    }

    private static Task FillAsync(Database database, string newest, int minutes) =>
        ExecuteAsync(
            database,
            $$"""
            insert into node_minutes
            select 'a', date_trunc('minute', {{newest}}) - number * interval '1 minute', 's', '{}', '{}'
            from generate_series(0, {{minutes}} - 1) number
            """
        );

    private static async Task ExecuteAsync(Database database, string sql)
    {
        await using var connection = await database.OpenAsync();
        await using var command = new NpgsqlCommand(sql, connection);
        await command.ExecuteNonQueryAsync(TestContext.Current.CancellationToken);
    }

    private static async Task WriteAsync(FleetReplica replica, params EndedMinute[] minutes)
    {
        await using var scope = replica.Replica.Services.CreateAsyncScope();
        await scope
            .ServiceProvider.GetRequiredService<MinuteStore>()
            .WriteAsync(minutes, TestContext.Current.CancellationToken);
    }

    private static EndedMinute Ended(DateTimeOffset minute, NodeReport report)
    {
        var sum = new NodeMinuteSum(minute);
        sum.Add(report);
        return new(report.Node, report.Service, Guid.NewGuid(), sum.ToMinute());
    }

    private static double Milliseconds(int bucket) =>
        TimeSpan.FromTicks(LatencyHistogram.Buckets.MiddleOf(bucket)).TotalMilliseconds;

    private static NodeReport Report(
        string node,
        double events = 0,
        int version = 1,
        int bucket = 0,
        string? error = null,
        double? queue = null
    ) =>
        new(node, "ingest", version, "h", default, default, 0.5, 1, events, 0, null, null, null)
        {
            Latency = events > 0 ? new(bucket, [(long)events]) : null,
            Errors = error is null ? null : [new(error, 3)],
            Queue = queue is { } fraction ? new(100, fraction) : null,
        };
}
