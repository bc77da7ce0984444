using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Win32.SafeHandles;
using Veltrix.Broker.Log;
using Veltrix.Broker.Protocol;

namespace Veltrix.Broker.Tests.Log;

/// <summary>What the commit journal alone holds comes back after a crash, however the journal itself ends.</summary>
public sealed class CommitJournalTests : IDisposable
{
    private const string Topic = "topic";

    /// <summary>The first one or two are synced by themselves while the others gather; those share the journal.</summary>
    private const int Partitions = 6;
    private readonly TemporaryDirectory _directory = new();
    private readonly BrokerMetrics _metrics = new();

    private string Original => Path.Combine(_directory.Path, "original");

    private string JournalPath => CommitJournal.PathsIn(Original).First();

    public void Dispose()
    {
        _metrics.Dispose();
        _directory.Dispose();
    }

    [Fact]
    public async Task Open_WithTheJournalOnly_BringsEveryRecordBack()
    {
        await CrashAsync();
        using var node = Reopen(File.ReadAllBytes(JournalPath));
        for (var partition = 0; partition < Partitions; partition++)
            EndOf(node, partition).ShouldBe(1, $"partition {partition}");
    }

    [Fact]
    public async Task Open_JournalCutAtEveryByteOfItsTail_KeepsTheWholeFrames()
    {
        var journalled = await CrashAsync();
        var journal = File.ReadAllBytes(JournalPath);
        var frameBytes = (journal.Length - JournalFile.HeaderBytes) / journalled.Count;
        for (var length = journal.Length - 1; length >= journal.Length - 2 * frameBytes; length--)
        {
            using var node = Reopen(journal[..length]);
            var whole = (length - JournalFile.HeaderBytes) / frameBytes;
            journalled
                .Select(partition => EndOf(node, partition))
                .ShouldBe(Enumerable.Range(0, journalled.Count).Select(index => index < whole ? 1L : 0L));
        }
    }

    [Fact]
    public async Task Open_JournalGarbledAtEveryByteOfItsLastFrame_KeepsTheOthers()
    {
        var journalled = await CrashAsync();
        var journal = File.ReadAllBytes(JournalPath);
        var frameBytes = (journal.Length - JournalFile.HeaderBytes) / journalled.Count;
        for (var position = journal.Length - frameBytes; position < journal.Length; position++)
        {
            var garbled = journal.ToArray();
            garbled[position] ^= 0x5A;
            using var node = Reopen(garbled);
            journalled
                .Count(partition => EndOf(node, partition) == 1)
                .ShouldBe(journalled.Count - 1, $"byte {position}");
        }
    }

    [Fact]
    public async Task Open_JournalOfATopicThatIsGone_IsIgnored()
    {
        await CrashAsync();
        File.WriteAllText(Path.Combine(Original, "topics.json"), "[]");
        using var node = Reopen(File.ReadAllBytes(JournalPath));
        node.Topics.All.ShouldBeEmpty();
    }

    [Fact]
    public async Task Dispose_AfterACleanStop_LeavesAnEmptyJournal()
    {
        using (var node = Open(Original, new Disk()))
        {
            node.Topics.Create(Topic, Partitions, new Dictionary<string, string?>(), false);
            await AppendToAllAsync(node, null);
        }
        CommitJournal.PathsIn(Original).ShouldAllBe(path => JournalFile.ReadFirstSequence(path) == null);
    }

    [Fact]
    public async Task Append_WhenTheJournalFails_SyncsThePartitionsThemselves()
    {
        using var disk = new JournalBreakingDisk();
        using var node = Open(Original, disk);
        node.Topics.Create(Topic, Partitions, new Dictionary<string, string?>(), false);
        disk.Breaks = true;
        await AppendToAllAsync(node, disk);
        await AppendToAllAsync(node, disk);
        for (var partition = 0; partition < Partitions; partition++)
            EndOf(node, partition).ShouldBe(2);
    }

    /// <summary>A crash that left of the records in the journal nothing in the segments. Gives their partitions.</summary>
    private async Task<IReadOnlyList<int>> CrashAsync()
    {
        var live = Path.Combine(_directory.Path, "live");
        using var disk = new TestLog.BreakableDisk();
        using var node = Open(live, disk);
        node.Topics.Create(Topic, Partitions, new Dictionary<string, string?>(), false).Error.ShouldBe(ErrorCode.None);
        await AppendToAllAsync(node, disk);
        CopyDirectory(live, Original);
        var journalled = PartitionsIn(File.ReadAllBytes(JournalPath));
        journalled.Count.ShouldBeGreaterThan(2);
        foreach (var partition in journalled)
            File.WriteAllBytes(Path.Combine(Original, "topics", $"{Topic}-{partition}", Segment.NameOf(0)), []);
        return journalled;
    }

    private static List<int> PartitionsIn(byte[] journal)
    {
        var partitions = new List<int>();
        for (var position = JournalFile.HeaderBytes; JournalFrame.IsWhole(journal.AsSpan(position)); )
        {
            var frame = new JournalFrame(journal.AsSpan(position));
            partitions.Add(frame.Partition.Index);
            position += frame.TotalBytes;
        }
        return partitions;
    }

    private static async Task AppendToAllAsync(BrokerNode node, TestLog.BreakableDisk? disk)
    {
        var waiters = Enumerable.Range(0, Partitions).Select(_ => new TestLog.Waiter()).ToList();
        disk?.HoldFlushes();
        for (var partition = 0; partition < Partitions; partition++)
            node.Topics.Partition(Topic, partition)!.Append(TestBatch.Create(), waiters[partition], 0);
        disk?.ReleaseFlushes();
        foreach (var waiter in waiters)
            (await waiter.Durable).ShouldBe(ErrorCode.None);
    }

    private static long EndOf(BrokerNode node, int partition) => node.Topics.Partition(Topic, partition)!.LogEndOffset;

    private BrokerNode Reopen(byte[] journal)
    {
        var copy = Path.Combine(_directory.Path, "copy");
        if (Directory.Exists(copy))
            Directory.Delete(copy, recursive: true);
        CopyDirectory(Original, copy);
        File.WriteAllBytes(CommitJournal.PathsIn(copy).First(), journal);
        return Open(copy, new PageCacheDisk());
    }

    private BrokerNode Open(string directory, Disk disk) =>
        new(new BrokerOptions { DataDirectory = directory }, TimeProvider.System, _metrics, NullLogger.Instance, disk);

    private static void CopyDirectory(string from, string to)
    {
        Directory.CreateDirectory(to);
        foreach (var file in Directory.GetFiles(from))
        {
            if (Path.GetFileName(file) != "lock")
                File.Copy(file, Path.Combine(to, Path.GetFileName(file)));
        }
        foreach (var directory in Directory.GetDirectories(from))
            CopyDirectory(directory, Path.Combine(to, Path.GetFileName(directory)));
    }

    /// <summary>Fails to sync the journal, and nothing else.</summary>
    private sealed class JournalBreakingDisk : TestLog.BreakableDisk
    {
        private readonly HashSet<SafeFileHandle> _journals = [];

        public bool Breaks { get; set; }

        public override SafeFileHandle Open(string path, FileMode mode)
        {
            var file = base.Open(path, mode);
            if (path.EndsWith(".journal", StringComparison.Ordinal) && path.Contains("commit-"))
                _journals.Add(file);
            return file;
        }

        public override void Flush(SafeFileHandle file)
        {
            if (Breaks && _journals.Contains(file))
                throw new IOException("Input/output error");
            base.Flush(file);
        }
    }
}
