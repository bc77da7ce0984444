using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Win32.SafeHandles;
using Veltrix.Broker.Groups;
using Veltrix.Broker.Log;
using Veltrix.Broker.Network;
using Veltrix.Broker.Protocol;
using Veltrix.Broker.Tests.Log;
using Veltrix.Testing;

namespace Veltrix.Broker.Tests;

/// <summary>What goes wrong in the background, and who hears of it.</summary>
public sealed class HousekeepingTests : IDisposable
{
    private readonly TemporaryDirectory _directory = new();
    private readonly BrokerMetrics _metrics = new();

    public void Dispose()
    {
        _metrics.Dispose();
        _directory.Dispose();
    }

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    /// <summary>Whatever it is: a bug in the background is no reason to serve nobody any more.</summary>
    [Fact]
    public async Task Work_ThatFails_IsTriedAgain()
    {
        var disk = new FaultyDisk();
        using var node = Open(disk);
        var log = node.Topics.Partition("topic", 0)!;
        log.Append(TestBatch.Create(), null, 0).Error.ShouldBe(ErrorCode.None);
        using var housekeeping = new Housekeeping(node, NullLogger<Housekeeping>.Instance);
        await housekeeping.StartAsync(Cancellation);
        await Eventually.HoldsAsync(() => disk.Faults > 1, cancellation: Cancellation);
        disk.IsFaulty = false;
        await Eventually.HoldsAsync(() => log.BytesSinceCheckpoint == 0, cancellation: Cancellation);
        housekeeping.ExecuteTask!.IsCompleted.ShouldBeFalse();
        await housekeeping.StopAsync(Cancellation);
    }

    [Theory]
    [InlineData("groups.journal", "consumer groups")]
    [InlineData("transactions.journal", "transactions")]
    public async Task Health_WithAJournalWhoseDiskFailed_SaysWhich(string journal, string named)
    {
        using var disk = new TestLog.BreakableDisk();
        using var node = Open(disk);
        using var server = new KafkaServer(node, NullLogger<KafkaServer>.Instance);
        await server.StartAsync(Cancellation);
        var health = new BrokerHealthCheck(node, server);
        (await health.CheckHealthAsync(new HealthCheckContext(), Cancellation)).Status.ShouldBe(HealthStatus.Healthy);

        node.Groups.IsFound = node.Transactions.IsFound = true;
        var (_, group) = node.Groups.CheckCommit("group", "", null, -1);
        disk.FailsToFlush = true;
        if (journal.StartsWith("groups", StringComparison.Ordinal))
            (await node.Groups.Commit(group!, new("topic", 0), new(1, -1, null, 0))).ShouldBeFalse();
        else
            (
                await node.Transactions.InitializeAsync("id", TimeSpan.FromSeconds(1), -1, -1, Cancellation)
            ).Error.ShouldBe(ErrorCode.CoordinatorNotAvailable);
        disk.FailsToFlush = false;

        var result = await health.CheckHealthAsync(new HealthCheckContext(), Cancellation);
        result.Status.ShouldBe(HealthStatus.Unhealthy);
        result.Description!.ShouldContain(named);
        await server.StopAsync(Cancellation);
    }

    private BrokerNode Open(Disk disk)
    {
        var node = new BrokerNode(
            new BrokerOptions
            {
                DataDirectory = _directory.Path,
                Port = 0,
                CheckpointBytes = 1,
                CheckpointIntervalMilliseconds = 1,
            },
            TimeProvider.System,
            _metrics,
            NullLogger.Instance,
            disk
        );
        // The first producer id is reserved durably: not in the middle of a test of something else.
        node.Identity.ProducerIds.TryNext().ShouldNotBeNull();
        node.Topics.Create("topic", 1, new Dictionary<string, string?>(), validateOnly: false)
            .Error.ShouldBe(ErrorCode.None);
        return node;
    }

    /// <summary>Fails in a way in which no disk does.</summary>
    private sealed class FaultyDisk : Disk
    {
        private int _faults;

        public bool IsFaulty { get; set; } = true;

        public int Faults => Volatile.Read(ref _faults);

        public override SafeFileHandle Open(string path, FileMode mode)
        {
            if (!IsFaulty || !path.EndsWith("checkpoint.new", StringComparison.Ordinal))
                return base.Open(path, mode);
            Interlocked.Increment(ref _faults);
            throw new InvalidOperationException("A bug.");
        }
    }
}
