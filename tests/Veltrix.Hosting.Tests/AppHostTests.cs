using System.Globalization;
using System.Net.Sockets;
using System.Text.Json;
using Aspire.Hosting.Orchestration;
using Veltrix.Testing;

namespace Veltrix.Hosting.Tests;

/// <summary>What must hold of an AppHost as a whole, shown on a small one that is a process of its own.</summary>
public sealed class AppHostTests : IDisposable
{
    private static readonly HttpClient Client = new(
        new SocketsHttpHandler { PooledConnectionLifetime = TimeSpan.Zero }
    );
    private readonly TemporaryDirectory _directory = new(isOpenToOthers: true);

    [Fact]
    public async Task Run_Always_SpreadsOverReplicasAndPrintsTheTable()
    {
        var port = Ports.Free();
        await using var appHost = AppHostProcess.Start(_directory.Path, $"--Test:WebPort={port}");
        var web = await appHost.HealthyAsync("web");

        var url = web.GetProperty("urls")[0].GetString();
        url.ShouldBe(string.Create(CultureInfo.InvariantCulture, $"http://127.0.0.1:{port}"));
        web.GetProperty("replicas").GetArrayLength().ShouldBe(2);
        var answers = new List<JsonElement>();
        for (var request = 0; request < 4; request++)
            answers.Add(await AskAsync(url!));
        answers.Select(answer => answer.GetProperty("processId").GetInt32()).Distinct().Count().ShouldBe(2);
        answers.Select(answer => answer.GetProperty("instance").GetString()).Distinct().Count().ShouldBe(2);
        answers[0].GetProperty("service").GetString().ShouldBe("web");
        answers[0].GetProperty("profile").GetString().ShouldBeNull();
        await UntilAsync(() => appHost.Output.Contains("Running, Healthy (2 replicas)", StringComparison.Ordinal));
        appHost.Output.ShouldNotContain('\e');
    }

    [Fact]
    public async Task Terminate_ServersAndServicesRun_EndsAllInGoodOrder()
    {
        await using var appHost = AppHostProcess.Start(_directory.Path, WithServers());
        await appHost.HealthyAsync("web");
        var started = appHost.Started();
        started.Count.ShouldBe(5);

        appHost.Signal(NativeMethods.Terminate);

        (await appHost.ExitAsync()).ShouldBe(0);
        started.ShouldAllBe(process => !process.IsAlive);
        File.Exists(_directory.Combine("resources.json")).ShouldBeFalse();
        appHost.Output.ShouldContain("database system is shut down");
    }

    [Fact]
    public async Task Interrupt_WholeForegroundGroup_EndsAllInGoodOrder()
    {
        // As a terminal does it: the AppHost leads the foreground group, and Ctrl+C goes to all of that.
        await using var appHost = AppHostProcess.Start(
            ["env", "--default-signal=INT", "setsid", .. AppHostProcess.Command],
            _directory.Path,
            WithServers()
        );
        await appHost.HealthyAsync("web");
        var started = appHost.Started();

        _ = NativeMethods.SendSignal(-appHost.ProcessId, NativeMethods.Interrupt);

        (await appHost.ExitAsync()).ShouldBe(0);
        started.ShouldAllBe(process => !process.IsAlive);
        appHost.Output.ShouldContain("database system is shut down");
        // No service noticed its server's end, and nothing was started again: they stopped in order.
        appHost.Output.ShouldNotContain("starting again");
    }

    [Fact]
    public async Task Kill_ServersAndServicesRun_LeavesNothingAndTheNextStartIsWell()
    {
        int[] ports;
        await using (var appHost = AppHostProcess.Start(_directory.Path, WithServers(out ports)))
        {
            await appHost.HealthyAsync("web");
            var started = appHost.Started();

            appHost.Signal(NativeMethods.Kill);
            await appHost.ExitAsync();

            await UntilAsync(() => started.All(process => !process.IsAlive), TimeSpan.FromSeconds(15));
            ports.ShouldAllBe(port => Ports.IsFree(port));
            await UntilAsync(() => !File.Exists(_directory.Combine("resources.json")));
        }

        await using var next = AppHostProcess.Start(_directory.Path, WithServers());
        await next.HealthyAsync("web");
        next.Output.ShouldNotContain("automatic recovery in progress");
    }

    [Fact]
    public async Task Kill_DataIsThrownAway_IsRemoved()
    {
        var data = Directory.CreateDirectory(_directory.Combine("some data")).FullName;
        await using var appHost = AppHostProcess.Start(data, "--StandIns:RemoveData=true");
        await appHost.HealthyAsync("web");

        appHost.Signal(NativeMethods.Kill);

        await UntilAsync(() => !Directory.Exists(data));
    }

    [Fact]
    public async Task Kill_AppHostAndItsWatcherTogether_TheNextStartStopsWhatIsLeft()
    {
        IReadOnlyList<ProcessIdentity> left;
        await using (var appHost = AppHostProcess.Start(_directory.Path, WithServers()))
        {
            await appHost.HealthyAsync("web");
            var started = appHost.Started();
            var watcher = started.Single(process => IsWatcher(process.ProcessId));
            watcher.Signal(NativeMethods.Kill);
            appHost.Signal(NativeMethods.Kill);
            await appHost.ExitAsync();
            left = [.. started.Where(process => process != watcher)];
            left.ShouldAllBe(process => process.IsAlive);
        }

        await using var next = AppHostProcess.Start(_directory.Path, WithServers());

        await next.HealthyAsync("web");
        left.ShouldAllBe(process => !process.IsAlive);
        next.Output.ShouldContain("stopped 4 processes that an earlier run had left");
    }

    [Fact]
    public async Task Kill_DotnetRunAboveIt_EndsAllInGoodOrder()
    {
        await using var run = AppHostProcess.Start(
            ["dotnet", "run", "--no-build", "--configuration", Configuration, "--"],
            _directory.Path
        );
        await run.HealthyAsync("web");
        var started = run.Started();

        run.Signal(NativeMethods.Kill);

        await UntilAsync(() => started.All(process => !process.IsAlive), TimeSpan.FromSeconds(15));
        await UntilAsync(() => !File.Exists(_directory.Combine("resources.json")));
        // Not the watcher's work: the AppHost itself gives its lock back.
        await UntilAsync(LockIsFree);
    }

    [Fact]
    public async Task Run_DataDirectoryIsTaken_IsRefusedWithOneSentence()
    {
        await using var first = AppHostProcess.Start(_directory.Path);
        await first.HealthyAsync("web");

        await using var second = AppHostProcess.Start(_directory.Path);

        (await second.ExitAsync()).ShouldNotBe(0);
        second.Output.ShouldStartWith($"Another AppHost already runs on {_directory.Path}");
        second.Output.ShouldNotContain("   at ");
        (await AskAsync((await first.HealthyAsync("web")).GetProperty("urls")[0].GetString()!))
            .GetProperty("service")
            .GetString()
            .ShouldBe("web");
    }

    [Fact]
    public async Task Run_PublicPortsAreTaken_TakesOthersAndWarns()
    {
        var webPort = Ports.Free();
        var redisPort = Ports.Free();
        using var first = Ports.TryListen(webPort);
        using var second = Ports.TryListen(redisPort);

        await using var appHost = AppHostProcess.Start(
            _directory.Path,
            $"--Test:WebPort={webPort}",
            "--Test:Redis=true",
            $"--Test:RedisPort={redisPort}"
        );

        foreach (var name in (string[])["web", "redis"])
        {
            var resource = await appHost.HealthyAsync(name);
            resource.GetProperty("warnings")[0].GetString()!.ShouldContain("is taken");
        }
        var url = (await appHost.HealthyAsync("web")).GetProperty("urls")[0].GetString()!;
        (await AskAsync(url)).GetProperty("service").GetString().ShouldBe("web");
        await UntilAsync(() => appHost.Output.Contains("warning: port", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Kill_OneReplica_OtherServesAndItComesBack()
    {
        await using var appHost = AppHostProcess.Start(_directory.Path);
        var web = await appHost.HealthyAsync("web");
        var url = web.GetProperty("urls")[0].GetString()!;
        var victim = web.GetProperty("replicas")[0].GetProperty("processId").GetInt32();

        _ = NativeMethods.SendSignal(victim, NativeMethods.Kill);

        for (var request = 0; request < 4; request++)
            (await AskAsync(url)).GetProperty("processId").GetInt32().ShouldNotBe(victim);
        await appHost.ResourceAsync(
            "web",
            resource =>
                resource.GetProperty("health").GetString() == "Healthy"
                && resource.GetProperty("replicas")[0].GetProperty("processId").GetInt32() != victim
        );
        appHost.Output.ShouldContain("ended with exit code 137; starting again in");
    }

    [Fact]
    public async Task Kill_OneReplicaAndRestartIsOff_StaysDown()
    {
        await using var appHost = AppHostProcess.Start(_directory.Path, "--StandIns:RestartCrashedResources=false");
        var web = await appHost.HealthyAsync("web");

        _ = NativeMethods.SendSignal(
            web.GetProperty("replicas")[0].GetProperty("processId").GetInt32(),
            NativeMethods.Kill
        );

        var after = await appHost.ResourceAsync(
            "web",
            resource => resource.GetProperty("replicas")[0].GetProperty("state").GetString() == "Exited"
        );
        after.GetProperty("health").GetString().ShouldBe("Degraded");
        appHost.Output.ShouldNotContain("starting again");
    }

    [Fact]
    public async Task Kill_Server_ComesBackOnTheSamePort()
    {
        await using var appHost = AppHostProcess.Start(_directory.Path, WithServers());
        var redis = await appHost.HealthyAsync("redis");
        var victim = redis.GetProperty("replicas")[0].GetProperty("processId").GetInt32();

        _ = NativeMethods.SendSignal(victim, NativeMethods.Kill);

        var after = await appHost.ResourceAsync(
            "redis",
            resource =>
                resource.GetProperty("health").GetString() == "Healthy"
                && resource.GetProperty("replicas")[0].GetProperty("processId").GetInt32() != victim
        );
        after.GetProperty("urls")[0].GetString().ShouldBe(redis.GetProperty("urls")[0].GetString());
    }

    [Fact]
    public async Task Run_Always_ShowsNoSecret()
    {
        await using var appHost = AppHostProcess.Start(_directory.Path, WithServers());
        await appHost.HealthyAsync("web");
        await UntilAsync(() => appHost.Output.Contains("keys  ", StringComparison.Ordinal));

        var password = await File.ReadAllTextAsync(_directory.Combine("secrets/postgres-password"), Cancellation);
        appHost.Output.ShouldContain(_directory.Combine("secrets"));
        appHost.Output.ShouldNotContain(password);
        (await File.ReadAllTextAsync(_directory.Combine("resources.json"), Cancellation)).ShouldNotContain(password);
    }

    public void Dispose() => _directory.Dispose();

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    private static Task UntilAsync(Func<bool> condition, TimeSpan? limit = null) =>
        Eventually.HoldsAsync(condition, limit, cancellation: Cancellation);

    private static string Configuration =>
        Path.GetFileName(Path.GetDirectoryName(Path.TrimEndingDirectorySeparator(AppContext.BaseDirectory)))!;

    private static string[] WithServers() => WithServers(out _);

    private static string[] WithServers(out int[] ports)
    {
        ports = [Ports.Free(), Ports.Free(), Ports.Free()];
        return
        [
            $"--Test:WebPort={ports[0]}",
            "--Test:Redis=true",
            $"--Test:RedisPort={ports[1]}",
            "--Test:Postgres=true",
            $"--Test:PostgresPort={ports[2]}",
        ];
    }

    private static async Task<JsonElement> AskAsync(string url)
    {
        using var response = await Client.GetAsync(new Uri($"{url}/who"), Cancellation);
        using var document = JsonDocument.Parse(await response.Content.ReadAsStreamAsync(Cancellation));
        return document.RootElement.Clone();
    }

    private static bool IsWatcher(int processId) =>
        File.ReadAllText($"/proc/{processId}/cmdline").Contains("veltrix-watcher", StringComparison.Ordinal);

    private bool LockIsFree()
    {
        try
        {
            InstanceLock.Take(_directory.Path).Dispose();
            return true;
        }
        catch (Aspire.Hosting.DistributedApplicationException)
        {
            return false;
        }
    }
}
