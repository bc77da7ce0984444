using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Veltrix.Processor.Database;
using Veltrix.Processor.Tests.Support;
using Veltrix.Testing;

namespace Veltrix.Processor.Tests;

public sealed class DatabaseTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Migrate_ByManyAtOnce_IsDoneOnce()
    {
        await using var platform = await Platform.CreateAsync();

        var nodes = await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => platform.StartAsync()));
        await Task.WhenAll(nodes.Select(node => node.Get<ProcessingDatabase>().ReadyAsync(Cancellation)));

        (await platform.QueryAsync<long>("SELECT count(*) FROM \"__EFMigrationsHistory\"")).ShouldBe(1);
    }

    [Fact]
    public async Task Sweep_DeletesWhatIsBeyondTheRetention_AndNothingElse()
    {
        await using var platform = await Platform.CreateAsync();
        var node = await platform.StartAsync();
        await node.Get<ProcessingDatabase>().ReadyAsync(Cancellation);
        await platform.ExecuteAsync(
            """
            INSERT INTO handled_batches VALUES
                (-2, 'projections', now() - interval '9 days'),
                (-1, 'workflows', now() - interval '7 days');
            INSERT INTO handled_events (batch, position, purpose, source, id) VALUES
                (-2, 0, 'projections', '/test', 'old-1'),
                (-2, 1, 'projections', '/test', 'old-2'),
                (-1, 0, 'workflows', '/test', 'new');
            """
        );
        var housekeeping = node.Services.GetServices<IHostedService>().OfType<HousekeepingService>().Single();

        (await housekeeping.SweepAsync(Cancellation)).ShouldBe(2);

        (await platform.QueryAsync<string>("SELECT string_agg(id, ' ') FROM handled_events")).ShouldBe("new");
        (await platform.QueryAsync<long>("SELECT count(*) FROM handled_batches")).ShouldBe(1);
    }

    [Fact]
    public async Task CommitTimes_Flushed_ReplaceTheEstimate()
    {
        await using var platform = await Platform.CreateAsync();
        var node = await platform.StartAsync();
        await node.Get<ProcessingDatabase>().ReadyAsync(Cancellation);
        var now = new DateTimeOffset(2030, 1, 2, 3, 4, 5, TimeSpan.Zero);
        var committed = new CommittedBatches(platform.Source, new ManualTime(now));
        await using var begin = platform.Source.CreateBatch();
        begin.BatchCommands.Add(CommittedBatches.Begin(Purposes.Projections));
        var batch = (long)(await begin.ExecuteScalarAsync(Cancellation))!;

        committed.Measure(batch);
        await committed.FlushAsync(Cancellation);

        (
            await platform.QueryAsync<DateTime>($"SELECT committed_at FROM handled_batches WHERE batch = {batch}")
        ).ShouldBe(now.UtcDateTime);
    }
}
