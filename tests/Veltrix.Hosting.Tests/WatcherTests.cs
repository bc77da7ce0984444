using Aspire.Hosting.Orchestration;
using Veltrix.Testing;

namespace Veltrix.Hosting.Tests;

public sealed class WatcherTests : IDisposable
{
    private readonly TemporaryDirectory _directory = new();

    [Fact]
    public async Task StopAllAsync_ThreeStages_StopsTheHighestFirst()
    {
        var order = _directory.Combine("order");
        using var watcher = new Watcher(Guid.NewGuid().ToString("N"));
        using var server = await StartAsync(watcher, 0, "server", order);
        using var service = await StartAsync(watcher, 1, "service", order);
        using var site = await StartAsync(watcher, 2, "site", order);

        await watcher.StopAllAsync();

        (await File.ReadAllLinesAsync(order, Cancellation)).ShouldBe(["site", "service", "server"]);
        (await Task.WhenAll(server.Exited, service.Exited, site.Exited)).ShouldBe([0, 0, 0]);
    }

    [Fact]
    public async Task StopAllAsync_ProcessWasForgotten_LeavesIt()
    {
        using var watcher = new Watcher(Guid.NewGuid().ToString("N"));
        using var child = await StartAsync(watcher, 0, "child", _directory.Combine("order"));

        watcher.Forget(child.Identity);
        await watcher.StopAllAsync();

        child.Identity.IsAlive.ShouldBeTrue();
        await child.StopAsync(TimeSpan.FromSeconds(30));
    }

    [Fact]
    public async Task StopAllAsync_IdBelongsToAnotherProcessByNow_LeavesThat()
    {
        using var watcher = new Watcher(Guid.NewGuid().ToString("N"));
        using var child = await Shell.StartReadyAsync(Shell.Recorder("child", _directory.Combine("order")));

        watcher.Watch(child.Identity with { StartTicks = child.Identity.StartTicks - 1 }, 1, NativeMethods.Terminate);
        // Nor its group, which is the one of the live process.
        await watcher.StopAllAsync();

        child.Identity.IsAlive.ShouldBeTrue();
        await child.StopAsync(TimeSpan.FromSeconds(30));
    }

    [Fact]
    public async Task Watch_WatcherWasKilled_AnotherTakesOver()
    {
        using var watcher = new Watcher(Guid.NewGuid().ToString("N"));
        using var first = await StartAsync(watcher, 0, "first", _directory.Combine("order"));
        var killed = ProcessIdentity.Of(watcher.ProcessId)!.Value;
        killed.KillGroup();
        await Eventually.HoldsAsync(() => !killed.IsAlive, cancellation: Cancellation);

        using var second = await StartAsync(watcher, 0, "second", _directory.Combine("order"));
        watcher.ProcessId.ShouldNotBe(killed.ProcessId);
        await watcher.StopAllAsync();

        (await Task.WhenAll(first.Exited, second.Exited)).ShouldBe([0, 0]);
    }

    [Fact]
    public async Task StopAllAsync_StartedButNotYetWatched_IsFoundByItsMark()
    {
        var session = Guid.NewGuid().ToString("N");
        using var watcher = new Watcher(session);
        using var child = await Shell.StartReadyAsync(
            Shell.Recorder("child", _directory.Combine("order")) with
            {
                Environment = new Dictionary<string, string?> { [ChildProcess.SessionVariable] = session },
            }
        );

        await watcher.StopAllAsync();

        (await child.Exited).ShouldBe(128 + 9);
    }

    [Fact]
    public async Task RemoveAfterCrash_StoppedInGoodOrder_RemovesNothing()
    {
        using var watcher = new Watcher(Guid.NewGuid().ToString("N"));
        var data = Directory.CreateDirectory(_directory.Combine("some data")).FullName;

        watcher.RemoveAfterCrash(data);
        await watcher.StopAllAsync();

        Directory.Exists(data).ShouldBeTrue();
    }

    public void Dispose() => _directory.Dispose();

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    private static async Task<ChildProcess> StartAsync(Watcher watcher, int stage, string name, string file)
    {
        var child = await Shell.StartReadyAsync(Shell.Recorder(name, file));
        watcher.Watch(child.Identity, stage, NativeMethods.Terminate);
        return child;
    }
}
