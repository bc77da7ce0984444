using System.Text;
using Veltrix.Broker.Log;
using Veltrix.Testing;

namespace Veltrix.Broker.Tests.Log;

public sealed class KeyValueJournalTests : IDisposable
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(30);
    private readonly TemporaryDirectory _directory = new();
    private readonly TestLog _environment;

    public KeyValueJournalTests() =>
        _environment = new TestLog(Directory.CreateDirectory(Path.Combine(_directory.Path, "log")).FullName);

    private string FilePath => Path.Combine(_directory.Path, "journal");

    public void Dispose()
    {
        _environment.Dispose();
        _directory.Dispose();
    }

    [Fact]
    public async Task Put_ThenReopened_HoldsTheLastValues()
    {
        using (var journal = Open())
        {
            (await journal.Put("a", [1])).ShouldBeTrue();
            (await journal.Put("b", [2])).ShouldBeTrue();
            (await journal.Put("a", [3])).ShouldBeTrue();
            (await journal.Remove("b")).ShouldBeTrue();
        }
        using var reopened = Open();
        reopened.Entries.ShouldHaveSingleItem().Key.ShouldBe("a");
        reopened.Entries[0].Value.ShouldBe([3]);
    }

    [Fact]
    public async Task Open_CutAtEveryByte_HoldsEveryWholeEntry()
    {
        using (var journal = Open())
        {
            for (var key = 0; key < 5; key++)
                await journal.Put($"key-{key}", Encoding.UTF8.GetBytes("value"));
        }
        var original = await File.ReadAllBytesAsync(FilePath, TestContext.Current.CancellationToken);
        var frameBytes = original.Length / 5;
        for (var length = 0; length <= original.Length; length++)
        {
            await File.WriteAllBytesAsync(FilePath, original[..length], TestContext.Current.CancellationToken);
            using var reopened = Open();
            reopened.Entries.Count.ShouldBe(length / frameBytes);
        }
    }

    [Fact]
    public async Task Put_MostlyHistory_CompactsAndLosesNothing()
    {
        var value = new byte[100_000];
        using (var journal = Open())
        {
            for (var round = 0; round < 100; round++)
            {
                value[0] = (byte)round;
                await journal.Put($"key-{round % 3}", [.. value]);
            }
        }
        new FileInfo(FilePath).Length.ShouldBeLessThan(5_000_000);
        using var reopened = Open();
        reopened.Entries.Select(entry => entry.Value[0]).ShouldBe<byte>([97, 98, 99], ignoreOrder: true);
    }

    [Fact]
    public async Task Put_WhenTheSyncFails_SaysThatItIsNotDurable()
    {
        using var journal = Open();
        _environment.Disk.FailsToFlush = true;
        (await journal.Put("a", [1])).ShouldBeFalse();
        _environment.Disk.FailsToFlush = false;
        (await journal.Put("a", [1])).ShouldBeFalse();
    }

    /// <summary>What is written while a sync is about to fail waits for nothing that could still come.</summary>
    [Fact]
    public async Task Put_DuringASyncThatFails_SaysThatItIsNotDurable()
    {
        using var journal = Open();
        _environment.Disk.HoldFlushes();
        var first = journal.Put("a", [1]);
        await Eventually.HoldsAsync(
            () => _environment.Disk.IsHeld,
            cancellation: TestContext.Current.CancellationToken
        );
        var second = journal.Put("b", [2]);
        _environment.Disk.FailsToFlush = true;
        _environment.Disk.ReleaseFlushes();
        (await first.WaitAsync(Limit, TestContext.Current.CancellationToken)).ShouldBeFalse();
        (await second.WaitAsync(Limit, TestContext.Current.CancellationToken)).ShouldBeFalse();
    }

    [Fact]
    public async Task Write_ThatDoesNotFit_LeavesNothingOfItself()
    {
        using (var journal = Open())
        {
            (await journal.Put("a", [1])).ShouldBeTrue();
            var length = new FileInfo(FilePath).Length;
            _environment.Disk.FailsToWrite = true;
            // The first of the two fits.
            (await journal.Write(new("a", [2]), new("b", new byte[20]))).ShouldBeFalse();
            _environment.Disk.FailsToWrite = false;
            new FileInfo(FilePath).Length.ShouldBe(length);
        }
        using var reopened = Open();
        reopened.Entries.ShouldHaveSingleItem().Value.ShouldBe([1]);
    }

    [Fact]
    public async Task Settled_ComesInTheOrderOfTheWrites()
    {
        using var journal = Open();
        var settled = new List<int>();
        _environment.Disk.HoldFlushes();
        var writes = Enumerable
            .Range(0, 100)
            .Select(number => journal.Put("a", [(byte)number], durable => settled.Add(durable ? number : -1)))
            .ToList();
        settled.ShouldBeEmpty();
        _environment.Disk.ReleaseFlushes();
        await Task.WhenAll(writes);
        settled.ShouldBe(Enumerable.Range(0, 100));
    }

    [Fact]
    public async Task Put_WhenTheFileCouldNotBeWrittenAnew_GoesOnInTheOldOne()
    {
        var value = new byte[100_000];
        using (var journal = Open())
        {
            _environment.Disk.IsFullFor = static path => path.EndsWith(".new", StringComparison.Ordinal);
            for (var round = 0; round < 100; round++)
                (await journal.Put("key", [.. value])).ShouldBeTrue();
            File.Exists($"{FilePath}.new").ShouldBeFalse("it keeps the disk full");
            new FileInfo(FilePath).Length.ShouldBeGreaterThan(9_000_000);
            _environment.Disk.IsFullFor = static _ => false;
            for (var round = 0; round < 50; round++)
                (await journal.Put("key", [.. value])).ShouldBeTrue();
            new FileInfo(FilePath).Length.ShouldBeLessThan(9_000_000);
        }
        using var reopened = Open();
        reopened.Entries.ShouldHaveSingleItem();
    }

    private KeyValueJournal Open() => new(_environment.Environment, FilePath);
}
