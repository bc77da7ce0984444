using System.Text;
using Veltrix.Broker.Log;

namespace Veltrix.Broker.Tests.Log;

public sealed class KeyValueJournalTests : IDisposable
{
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

    private KeyValueJournal Open() => new(_environment.Environment, FilePath);
}
