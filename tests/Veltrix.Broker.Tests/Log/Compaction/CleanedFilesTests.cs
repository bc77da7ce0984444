using Veltrix.Broker.Log;
using Veltrix.Broker.Log.Compaction;

namespace Veltrix.Broker.Tests.Log.Compaction;

/// <summary>A crash at each step of a replacement leaves the old segments, or the new one.</summary>
public sealed class CleanedFilesTests : IDisposable
{
    private readonly TemporaryDirectory _directory = new();

    public void Dispose() => _directory.Dispose();

    [Fact]
    public void Recover_WhileTheNewOneWasWritten_LeavesTheOldOnes()
    {
        Segments(0, 10, 20, 30);
        File.WriteAllText(CleanedFiles.CleanedPath(PathOf(10)), "half");
        CleanedFiles.Recover(new Disk(), _directory.Path);
        Content().ShouldBe(["0", "10", "20", "30"]);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    public void Recover_AfterTheNewOneWasWhole_PutsItInPlaceOfTheOldOnes(int alreadyDeleted)
    {
        Segments(0, 10, 20, 30);
        File.WriteAllText(CleanedFiles.SwapPath(_directory.Path, 10, 30), "new");
        if (alreadyDeleted > 0)
            File.Delete(PathOf(20));
        CleanedFiles.Recover(new Disk(), _directory.Path);
        Content().ShouldBe(["0", "new", "30"]);
        File.Exists(PathOf(10)).ShouldBeTrue();
    }

    private void Segments(params long[] offsets)
    {
        foreach (var offset in offsets)
            File.WriteAllText(PathOf(offset), $"{offset}");
    }

    private string PathOf(long offset) => Path.Combine(_directory.Path, Segment.NameOf(offset));

    private IEnumerable<string> Content() =>
        Directory.GetFiles(_directory.Path).Order(StringComparer.Ordinal).Select(File.ReadAllText);
}
