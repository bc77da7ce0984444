using System.Globalization;
using Veltrix.Testing;

namespace Veltrix.Broker.Tests;

/// <summary>Whether the threads that producers wait for ask for short turns.</summary>
public sealed class TimeSliceTests : IDisposable
{
    private static readonly bool IsKnown =
        OperatingSystem.IsLinux() && Environment.OSVersion.Version >= new Version(6, 12);
    private readonly TemporaryDirectory _directory = new();

    public void Dispose() => _directory.Dispose();

    [Theory]
    [InlineData("100")]
    [InlineData("400")]
    public async Task Start_GivesThreads_TheSliceOfTheOption(string microseconds)
    {
        var slices = await SlicesAsync(microseconds);

        slices.ShouldAllBe(slice => slice == (IsKnown ? int.Parse(microseconds, CultureInfo.InvariantCulture) : 0));
    }

    [Fact]
    public async Task Start_WithoutASlice_LeavesThreadsToTheSystem()
    {
        var slices = await SlicesAsync("0");

        slices.ShouldAllBe(slice => slice == TimeSlice.Of(0));
    }

    /// <summary>Of the thread that syncs and of those that hear from the network.</summary>
    private async Task<List<int>> SlicesAsync(string microseconds)
    {
        await using var broker = await BrokerProcess.StartAsync(
            _directory.Path,
            new() { ["Broker__TimeSliceMicroseconds"] = microseconds }
        );
        var threads = Directory
            .EnumerateDirectories($"/proc/{broker.ProcessId}/task")
            .Where(thread => File.ReadAllText($"{thread}/comm").Trim() is "log flusher" or ".NET Sockets")
            .ToList();
        threads.Count.ShouldBeGreaterThanOrEqualTo(2);
        return
        [
            .. threads.Select(thread =>
                TimeSlice.Of(int.Parse(Path.GetFileName(thread), CultureInfo.InvariantCulture))
            ),
        ];
    }
}
