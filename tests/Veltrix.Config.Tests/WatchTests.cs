using System.Text.Json;
using Npgsql;
using Veltrix.Config.Versions;
using Veltrix.Configuration;
using Veltrix.Testing;

namespace Veltrix.Config.Tests;

public sealed class WatchTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Watch_FromNothing_SendsTheCurrentVersionThenEachNewOne()
    {
        await using var database = await Database.NewAsync();
        await using var replica = await Replica.StartReadyAsync(database);
        using var watcher = await Watcher.OpenAsync(replica);

        (await watcher.NextAsync())!.Number.ShouldBe(1);
        for (var workers = 1; workers <= 3; workers++)
        {
            var published = await replica.MustPublishAsync(workers);
            var seen = await watcher.NextAsync();
            seen!.Number.ShouldBe(published.Number);
            seen.Configuration.Processor.Workers.ShouldBe(workers);
        }
    }

    [Theory]
    [InlineData("?from=1", null, 2)]
    [InlineData("?from=2", null, 3)]
    [InlineData("?from=0", "2", 3)]
    [InlineData("", "1", 2)]
    public async Task Watch_Resumed_SendsOnlyWhatIsNewer(string query, string? lastEventId, int expected)
    {
        await using var database = await Database.NewAsync();
        await using var replica = await Replica.StartReadyAsync(database);
        await replica.MustPublishAsync(workers: 3);
        using var watcher = await Watcher.OpenAsync(replica, query, lastEventId);

        var next = watcher.NextAsync();
        if (expected == 3)
            await replica.MustPublishAsync(workers: 4);

        (await next)!.Number.ShouldBe(expected);
    }

    [Fact]
    public async Task Watch_Version_SaysTheSameAsTheAnswerOfThePublication()
    {
        await using var database = await Database.NewAsync();
        await using var replica = await Replica.StartReadyAsync(database);
        using var watcher = await Watcher.OpenAsync(replica, "?from=1");

        var published = await replica.MustPublishAsync(workers: 6);

        // Collections are compared by their text: the two records hold different lists.
        JsonSerializer
            .Serialize(await watcher.NextAsync(), ConfigurationJson.Default.ConfigurationVersion)
            .ShouldBe(JsonSerializer.Serialize(published, ConfigurationJson.Default.ConfigurationVersion));
    }

    [Fact]
    public async Task Watch_PublishedOnAnotherReplica_Arrives()
    {
        await using var database = await Database.NewAsync();
        await using var here = await Replica.StartReadyAsync(database);
        await using var there = await Replica.StartReadyAsync(database);
        using var watcher = await Watcher.OpenAsync(here, "?from=1");

        var published = await there.MustPublishAsync(workers: 6);

        (await watcher.NextAsync())!.Hash.ShouldBe(published.Hash);
    }

    [Fact]
    public async Task Watch_AnnouncementsAreLost_FindsTheVersionByAsking()
    {
        await using var database = await Database.NewAsync();
        await using var here = await Replica.StartReadyAsync(
            database,
            new Dictionary<string, string> { ["Feed:LongestSilence"] = "00:00:00.050" }
        );
        await using var there = await Replica.StartReadyAsync(database);
        await using (var connection = await database.OpenAsync())
        await using (
            var drop = new NpgsqlCommand(
                "drop trigger configuration_versions_announce on configuration_versions",
                connection
            )
        )
            await drop.ExecuteNonQueryAsync(Cancellation);

        var published = await there.MustPublishAsync(workers: 6);

        (await here.Current.WaitBeyondAsync(1, Cancellation)).Hash.ShouldBe(published.Hash);
    }

    [Fact]
    public async Task Watch_NothingNew_SendsHeartbeats()
    {
        await using var database = await Database.NewAsync();
        await using var replica = await Replica.StartReadyAsync(
            database,
            new Dictionary<string, string> { ["Watch:Heartbeat"] = "00:00:00.050" }
        );
        using var watcher = await Watcher.OpenAsync(replica, "?from=1");
        using var lines = watcher.Lines();

        (await lines.ReadLineAsync(Cancellation)).ShouldBe(": heartbeat");
        (await lines.ReadLineAsync(Cancellation)).ShouldBe("");
        (await lines.ReadLineAsync(Cancellation)).ShouldBe(": heartbeat");
    }

    // Far more than socket buffers take: the service has to wait for the one that does not read.
    [Fact]
    public async Task Watch_AnotherWatcherNeverReads_IsNotHeldUpAndNothingPilesUp()
    {
        await using var database = await Database.NewAsync();
        await using var replica = await Replica.StartReadyAsync(database);
        using var stuck = await StuckWatcher.OpenAsync(replica);
        using var watcher = await Watcher.OpenAsync(replica, "?from=1");

        var number = 1;
        for (var workers = 1; workers <= 60; workers++)
        {
            number = (await replica.MustPublishAsync(Large(workers))).Number;
            (await watcher.NextAsync())!.Number.ShouldBe(number);
        }

        // Linux lets a socket hold 4 MB by default; the 12 MB that were published are nowhere else.
        var (versions, bytes) = await stuck.ReadToAsync(number);
        versions.Count.ShouldBeLessThan(35);
        bytes.ShouldBeLessThan(7_000_000);
    }

    [Fact]
    public async Task Watch_NeverRead_LosesItsPlace()
    {
        await using var database = await Database.NewAsync();
        await using var replica = await Replica.StartReadyAsync(
            database,
            new Dictionary<string, string>
            {
                ["Watch:MaximumWatchers"] = "1",
                ["Watch:MinimumBytesPerSecond"] = "1000000",
            }
        );
        using var stuck = await StuckWatcher.OpenAsync(replica);
        await Eventually.HoldsAsync(
            async () => await StatusAsync(replica) == 503,
            because: "The first watcher has no place.",
            cancellation: Cancellation
        );

        // As much as it takes until a write has to wait; the watcher is alive all the while.
        for (var workers = 1; workers <= 40; workers++)
            await replica.MustPublishAsync(Large(workers));

        await Eventually.HoldsAsync(
            async () => await StatusAsync(replica) == 200,
            TimeSpan.FromMinutes(1),
            "The place is kept for ever.",
            Cancellation
        );
    }

    [Fact]
    public async Task WaitBeyond_SeveralCameMeanwhile_ReturnsOnlyTheNewest()
    {
        var current = new CurrentVersion();
        var waiting = current.WaitBeyondAsync(0, Cancellation);
        for (var number = 1; number <= 5; number++)
            current.Offer(Version(number)).ShouldBeTrue();

        (await waiting).Number.ShouldBeInRange(1, 5);
        (await current.WaitBeyondAsync(1, Cancellation)).Number.ShouldBe(5);
    }

    [Fact]
    public void Offer_OlderOrSameVersion_IsIgnored()
    {
        var current = new CurrentVersion();
        current.Offer(Version(2)).ShouldBeTrue();

        current.Offer(Version(1)).ShouldBeFalse();
        current.Offer(Version(2)).ShouldBeFalse();
        current.Value!.Number.ShouldBe(2);
    }

    [Fact]
    public async Task Watch_BeyondTheLimit_IsRefusedUntilAnotherLeaves()
    {
        await using var database = await Database.NewAsync();
        await using var replica = await Replica.StartReadyAsync(
            database,
            new Dictionary<string, string> { ["Watch:MaximumWatchers"] = "1", ["Watch:Heartbeat"] = "00:00:00.050" }
        );
        using (var first = await Watcher.OpenAsync(replica))
        {
            first.Status.ShouldBe(200);
            using var second = await Watcher.OpenAsync(replica);
            second.Status.ShouldBe(503);
        }

        int status;
        do
        {
            Cancellation.ThrowIfCancellationRequested();
            using var third = await Watcher.OpenAsync(replica);
            status = third.Status;
        } while (status == 503);
        status.ShouldBe(200);
    }

    [Fact]
    public async Task Watch_ServiceStops_EndsTheStream()
    {
        await using var database = await Database.NewAsync();
        var replica = await Replica.StartReadyAsync(database);
        using var watcher = await Watcher.OpenAsync(replica);
        (await watcher.NextAsync())!.Number.ShouldBe(1);

        var end = watcher.NextAsync();
        await replica.DisposeAsync();

        (await end).ShouldBeNull();
    }

    private static async Task<int> StatusAsync(Replica replica)
    {
        using var watcher = await Watcher.OpenAsync(replica);
        return watcher.Status;
    }

    /// <summary>A document of some 200 kB.</summary>
    private static PlatformConfiguration Large(int workers) =>
        Replica.WithWorkers(workers) with
        {
            EventTypes =
            [
                .. PlatformConfiguration.Default.EventTypes,
                .. Enumerable
                    .Range(1, 700)
                    .Select(number => new EventTypeConfiguration($"{new string('t', 240)}.{number}", "players")),
            ],
        };

    private static ConfigurationVersion Version(int number) =>
        new(number, null, "", "", "", default, PlatformConfiguration.Default);
}
