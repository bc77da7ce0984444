using Aspire.Hosting.Orchestration;
using Veltrix.Testing;

namespace Veltrix.Hosting.Tests;

public sealed class LeftOversTests : IDisposable
{
    private readonly TemporaryDirectory _directory = new();

    [Fact]
    public async Task StopPreviousAsync_ProcessesOfADeadRun_StopsThemInOrder()
    {
        var order = _directory.Combine("order");
        using var server = await Shell.StartReadyAsync(Shell.Recorder("server", order));
        using var service = await Shell.StartReadyAsync(Shell.Recorder("service", order));
        var deadRun = new LeftOvers(_directory.Path);
        deadRun.Add(server.Identity, 0, NativeMethods.Terminate);
        deadRun.Add(service.Identity, 1, NativeMethods.Terminate);

        var stopped = await new LeftOvers(_directory.Path).StopPreviousAsync(TestContext.Current.CancellationToken);

        stopped.ShouldBe(2);
        (await File.ReadAllLinesAsync(order, TestContext.Current.CancellationToken)).ShouldBe(["service", "server"]);
    }

    [Fact]
    public async Task StopPreviousAsync_IdWasGivenToAnotherProcess_LeavesThat()
    {
        using var stranger = await Shell.StartReadyAsync(Shell.Recorder("stranger", _directory.Combine("order")));
        new LeftOvers(_directory.Path).Add(
            stranger.Identity with
            {
                StartTicks = stranger.Identity.StartTicks - 1,
            },
            0,
            NativeMethods.Terminate
        );

        var stopped = await new LeftOvers(_directory.Path).StopPreviousAsync(TestContext.Current.CancellationToken);

        stopped.ShouldBe(0);
        stranger.Identity.IsAlive.ShouldBeTrue();
        await stranger.StopAsync(TimeSpan.FromSeconds(30));
    }

    [Fact]
    public async Task StopPreviousAsync_FileIsDamaged_ReadsWhatItCan()
    {
        await File.WriteAllTextAsync(
            Path.Combine(_directory.Path, "processes"),
            "what is this\n1 2",
            TestContext.Current.CancellationToken
        );

        (await new LeftOvers(_directory.Path).StopPreviousAsync(TestContext.Current.CancellationToken)).ShouldBe(0);
    }

    public void Dispose() => _directory.Dispose();
}
