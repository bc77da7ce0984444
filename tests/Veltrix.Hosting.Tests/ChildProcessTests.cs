using System.Globalization;
using Aspire.Hosting.Orchestration;
using Veltrix.Testing;

namespace Veltrix.Hosting.Tests;

public sealed class ChildProcessTests
{
    [Fact]
    public async Task Start_Always_GivesTheChildAGroupAndSessionOfItsOwn()
    {
        using var child = await Shell.StartReadyAsync(Shell.Script("echo ready; sleep 300"));

        // Fields 5 and 6 of /proc/PID/stat: process group and session.
        var fields = (await File.ReadAllTextAsync($"/proc/{child.Identity.ProcessId}/stat", Cancellation)).Split(' ');
        int.Parse(fields[4], CultureInfo.InvariantCulture).ShouldBe(child.Identity.ProcessId);
        int.Parse(fields[5], CultureInfo.InvariantCulture).ShouldBe(child.Identity.ProcessId);
        child.Identity.KillGroup();
        (await child.Exited).ShouldBe(128 + 9);
    }

    [Fact]
    public async Task StopAsync_ProcessIgnoresTheSignal_KillsIt()
    {
        using var child = await Shell.StartReadyAsync(
            Shell.Script("trap '' TERM; echo ready; while :; do sleep 0.05; done")
        );

        await child.StopAsync(TimeSpan.FromMilliseconds(200));

        (await child.Exited).ShouldBe(128 + 9);
    }

    [Fact]
    public async Task StopAsync_ProcessObeys_GivesItsExitCode()
    {
        using var child = await Shell.StartReadyAsync(
            Shell.Script("trap 'exit 7' TERM; echo ready; while :; do sleep 0.05; done")
        );

        await child.StopAsync(TimeSpan.FromSeconds(30));

        (await child.Exited).ShouldBe(7);
    }

    [Fact]
    public async Task Exited_ProcessLeavesAChild_EndsThatToo()
    {
        var grandchild = 0;
        using var child = ChildProcess.Start(
            Shell.Script("sleep 300 & echo $!; exit 0"),
            line => grandchild = int.Parse(line, CultureInfo.InvariantCulture)
        );

        await child.Exited;

        grandchild.ShouldNotBe(0);
        await Eventually.HoldsAsync(() => ProcessIdentity.Of(grandchild) is null, cancellation: Cancellation);
    }

    [Fact]
    public async Task Start_LineWithoutEnd_IsHandedOnInParts()
    {
        var lines = new List<string>();
        using var child = ChildProcess.Start(
            Shell.Script("head -c 100000 /dev/zero | tr '\\0' x"),
            line =>
            {
                lock (lines)
                    lines.Add(line);
            }
        );

        await child.Exited;

        lines.Sum(line => line.Length).ShouldBe(100_000);
        lines.Count.ShouldBeGreaterThan(1);
    }

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;
}
