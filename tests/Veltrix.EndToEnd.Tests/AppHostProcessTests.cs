using Veltrix.Testing;

namespace Veltrix.EndToEnd.Tests;

/// <summary>However the AppHost ends, it leaves no process and no port behind, and the next start recovers by itself.</summary>
public sealed class AppHostProcessTests
{
    private static readonly TimeSpan StopLimit = TimeSpan.FromSeconds(30);

    [Fact]
    public async Task AppHost_EndedInEveryWay_LeavesNothingBehindAndStartsAgain()
    {
        using var directory = new TemporaryDirectory();
        await EndsCleanlyAsync(directory.Path, appHost => Signals.Send("INT", -appHost.DotnetRunId));
        await EndsCleanlyAsync(directory.Path, appHost => Signals.Send("KILL", appHost.AppHostId()));
        await EndsCleanlyAsync(directory.Path, appHost => Signals.Send("KILL", appHost.DotnetRunId));
        await EndsCleanlyAsync(
            directory.Path,
            appHost => Signals.Send("TERM", appHost.AppHostId()),
            whileRunning: async () =>
            {
                await using var second = AppHostProcess.Launch(directory.Path);
                (await second.ExitCodeAsync(StopLimit)).ShouldNotBe(0);
                second.Output.ShouldContain("already");
            }
        );
    }

    private static async Task EndsCleanlyAsync(
        string directory,
        Action<AppHostProcess> end,
        Func<Task>? whileRunning = null
    )
    {
        await using var appHost = await AppHostProcess.StartAsync(directory);
        var ports = appHost.Ports();
        ports.ShouldNotBeEmpty();
        if (whileRunning is not null)
            await whileRunning();

        end(appHost);

        await Eventually.HoldsAsync(() => appHost.Processes().Count == 0, StopLimit);
        ports.Where(TestProcess.Listens).ShouldBeEmpty();
    }
}
