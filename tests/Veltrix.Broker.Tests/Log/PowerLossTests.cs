using Microsoft.Extensions.Logging.Abstractions;
using Veltrix.Broker.Log;
using Veltrix.Broker.Protocol;

namespace Veltrix.Broker.Tests.Log;

/// <summary>A whole node that loses its power in the middle of its work, again and again.</summary>
public sealed class PowerLossTests : IDisposable
{
    private const int MostRoundsUntilNoticed = 60;
    private static readonly string[] Kept = ["a", "b", "c", "d"];
    private readonly TemporaryDirectory _directory = new();

    public void Dispose() => _directory.Dispose();

    [Theory]
    [InlineData(PowerLossLoad.Writers, false)]
    [InlineData(40, true)]
    public void LosePower_AtAnyMoment_LosesNothingAcknowledged(int partitions, bool syncsFileSystem)
    {
        using var disk = new PowerLossDisk(syncsFileSystem);
        var acknowledged = 0;
        for (var round = 0; round < CrashRounds.Count(shortRun: 4); round++)
        {
            using var load = new PowerLossLoad(disk, Path.Combine(_directory.Path, $"{round}"), partitions, round);
            load.Run();
            acknowledged += load.Acknowledged;
        }
        acknowledged.ShouldBeGreaterThan(0);
        disk.Moves.GetValueOrDefault("checkpoint").ShouldBeGreaterThan(0, "checkpoints");
        disk.Moves.GetValueOrDefault(".swap").ShouldBeGreaterThan(0, "compacted segments");
        (disk.FileSystemSyncs > 0).ShouldBe(syncsFileSystem);
        TestContext.Current.TestOutputHelper!.WriteLine(
            $"{acknowledged} acknowledged, {disk.Moves["checkpoint"]} checkpoints, {disk.Moves[".swap"]} compacted segments"
        );
    }

    /// <summary>Files that are synced one by one: without any of these syncs something that was promised would be lost.</summary>
    [Theory]
    [InlineData(".log")]
    [InlineData("checkpoint.new")]
    [InlineData(".cleaned")]
    [InlineData("groups.journal")]
    [InlineData("topics.json.new")]
    [InlineData("node.json.new")]
    public void LosePower_WithoutTheSyncOfAFile_IsNoticed(string file) =>
        IsNoticed(() => new PowerLossDisk(syncsFileSystem: false) { LosesContent = path => path.EndsWith(file) });

    [Theory]
    [InlineData(".log")]
    [InlineData("checkpoint")]
    [InlineData("topics.json")]
    [InlineData("node.json")]
    public void LosePower_WithoutTheSyncOfAName_IsNoticed(string name) =>
        IsNoticed(() => new PowerLossDisk(syncsFileSystem: false) { LosesName = path => path.EndsWith(name) });

    /// <summary>The flusher holds the file system first, and whoever makes checkpoints second.</summary>
    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    public void LosePower_WithoutTheSyncOfTheFileSystem_IsNoticed(int holder) =>
        IsNoticed(() => new PowerLossDisk { LosesFileSystem = index => index % 2 == holder }, partitions: 12);

    /// <summary>After every step of the last compaction; and as if the first of its syncs were left out.</summary>
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void LosePower_InTheMiddleOfASwap_LosesARecordOnlyWithoutTheSyncOfItsName(bool isSynced)
    {
        using var disk = new PowerLossDisk(syncsFileSystem: false)
        {
            LosesName = path => !isSynced && path.EndsWith(".swap", StringComparison.Ordinal),
        };
        using var metrics = new BrokerMetrics();
        var lost = 0;
        var swaps = 0;
        for (var operations = 0; operations < 16; operations++)
        {
            for (var seed = 0; seed < 3; seed++)
            {
                var directory = Path.Combine(_directory.Path, $"{operations}-{seed}");
                using (var node = Open(directory))
                    swaps += CompactUntilThePowerGoes(node, disk, operations);
                disk.LosePower(new Random(seed));
                using var reopened = Open(directory);
                var log = reopened.Topics.Partition("topic", 0)!;
                var keys = PowerLossLoad.ReadAll(log).Select(record => record.Key).ToHashSet();
                lost += Kept.Count(key => !keys.Contains(key));
            }
        }
        swaps.ShouldBe(16 * 3);
        if (isSynced)
            lost.ShouldBe(0);
        else
            lost.ShouldBeGreaterThan(0);

        BrokerNode Open(string path) =>
            new(
                new BrokerOptions { DataDirectory = path, CompactionMemoryBytes = 64 * 1024 },
                TimeProvider.System,
                metrics,
                NullLogger.Instance,
                disk
            );
    }

    /// <summary>Compacts twice: the second time neighbours that the first left small become one. Gives 1 when that began.</summary>
    private static int CompactUntilThePowerGoes(BrokerNode node, PowerLossDisk disk, int operations)
    {
        var compact = new Dictionary<string, string?>
        {
            ["cleanup.policy"] = "compact",
            ["min.cleanable.dirty.ratio"] = "0",
            ["segment.bytes"] = "4096",
        };
        node.Topics.Create("topic", 1, compact, validateOnly: false).Error.ShouldBe(ErrorCode.None);
        var log = node.Topics.Partition("topic", 0)!;
        foreach (var key in Kept)
        {
            Append(log, key);
            Fill(log);
        }
        node.Compact(CancellationToken.None);
        var before = disk.Moves[".swap"];
        Fill(log);
        disk.TurnOffAfter(".swap", moves: 1, operations);
        node.Compact(CancellationToken.None);
        disk.TurnOff();
        return disk.Moves[".swap"] > before ? 1 : 0;
    }

    private static void Fill(PartitionLog log)
    {
        for (var count = 0; count < 20; count++)
            Append(log, "filler");
        log.Checkpoint().ShouldBeTrue();
    }

    private static void Append(PartitionLog log, string key) =>
        log.Append(RecordBatch.Create([new(key, new string('x', 300))]), null, 0).Error.ShouldBe(ErrorCode.None);

    private void IsNoticed(Func<PowerLossDisk> create, int partitions = 4)
    {
        for (var round = 0; round < MostRoundsUntilNoticed; round++)
        {
            using var disk = create();
            using var load = new PowerLossLoad(disk, Path.Combine(_directory.Path, $"{round}"), partitions, round);
            try
            {
                load.Run();
            }
            catch (Exception error)
            {
                TestContext.Current.TestOutputHelper!.WriteLine($"After {round + 1} rounds: {error.Message}");
                return;
            }
        }
        Assert.Fail($"{MostRoundsUntilNoticed} power losses did no harm: is the sync needed?");
    }
}
