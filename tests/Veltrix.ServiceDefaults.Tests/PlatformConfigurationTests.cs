using System.Net;
using System.Text.Json;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Veltrix.Configuration;
using Veltrix.Events;
using Veltrix.ServiceDefaults.Configuration;

namespace Veltrix.ServiceDefaults.Tests;

public sealed class PlatformConfigurationTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Watch_FirstVersion_ComesIntoForceAndMakesTheNodeReady()
    {
        await using var config = await FakeConfigService.StartAsync();
        await using var node = await StartNodeAsync(config);
        var configuration = node.App.Services.GetRequiredService<IPlatformConfiguration>();
        var watch = await config.NextWatchAsync();

        Should.Throw<ConfigurationUnavailableException>(() => configuration.Current);
        (await HealthAsync(node)).ShouldBe(HttpStatusCode.ServiceUnavailable);
        await watch.SendAsync(FakeConfigService.Version(7, workers: 5));
        var version = await configuration.WaitAsync(Cancellation);

        version.Number.ShouldBe(7);
        configuration.Current.Configuration.Processor.Workers.ShouldBe(5);
        (await HealthAsync(node)).ShouldBe(HttpStatusCode.OK);
        watch.From.ShouldBe("");
        config.Authorizations[0].ShouldBe("Bearer key-of-node");
        node.Logs.Lines.ShouldContain(line =>
            line.Text.Contains($"Configuration 7 is in force: hash {version.Hash}", StringComparison.Ordinal)
        );
        node.Logs.Lines.ShouldAllBe(line => !line.Text.Contains("key-of-node", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Metrics_ShowTheVersionThatIsInForce()
    {
        const string Name = "veltrix_node_configuration_version";
        await using var config = await FakeConfigService.StartAsync();
        await using var node = await StartNodeAsync(config);
        var changes = Changes(node);
        var watch = await config.NextWatchAsync();
        (await node.Client.GetStringAsync("/metrics", Cancellation)).ShouldNotContain(Name);

        foreach (var number in new[] { 7, 9 })
        {
            await watch.SendAsync(FakeConfigService.Version(number));
            await changes.NextAsync();

            (await node.Client.GetStringAsync("/metrics", Cancellation))
                .Split('\n')
                .Single(line => line.StartsWith(Name, StringComparison.Ordinal))
                .ShouldEndWith($" {number}");
        }
    }

    [Fact]
    public async Task Watch_NewerVersions_RaiseChangedInOrderAndOlderOnesAreIgnored()
    {
        await using var config = await FakeConfigService.StartAsync();
        await using var node = await StartNodeAsync(config);
        var changes = Changes(node);
        var watch = await config.NextWatchAsync();

        foreach (var number in new[] { 3, 2, 3, 5, 4, 6 })
            await watch.SendAsync(FakeConfigService.Version(number));

        (await changes.NextAsync()).ShouldBe(3);
        (await changes.NextAsync()).ShouldBe(5);
        (await changes.NextAsync()).ShouldBe(6);
    }

    // As behind a network that was cut after the connection was made.
    [Fact]
    public async Task Watch_WithoutAnAnswer_IsOpenedAnew()
    {
        var time = new HeldTimer(TimeSpan.FromSeconds(3));
        await using var config = await FakeConfigService.StartAsync();
        await using var node = await StartNodeAsync(config.Url, time: time);
        var configuration = node.App.Services.GetRequiredService<IPlatformConfiguration>();
        await config.NextWatchAsync();

        await time.FireAsync();

        var second = await config.NextWatchAsync();
        await second.SendAsync(FakeConfigService.Version(7));
        (await configuration.WaitAsync(Cancellation)).Number.ShouldBe(7);
    }

    [Fact]
    public async Task Watch_EndedAbortedOrRefused_ResumesFromTheLastVersion()
    {
        await using var config = await FakeConfigService.StartAsync();
        await using var node = await StartNodeAsync(config);
        var changes = Changes(node);

        var watch = await config.NextWatchAsync();
        await watch.SendAsync(FakeConfigService.Version(1));
        (await changes.NextAsync()).ShouldBe(1);
        watch.End();

        watch = await config.NextWatchAsync();
        watch.From.ShouldBe("1");
        watch.Node.ShouldBe("tested-abcdefgh");
        await watch.SendAsync(FakeConfigService.Version(2));
        (await changes.NextAsync()).ShouldBe(2);
        watch.Abort();

        watch = await config.NextWatchAsync();
        watch.From.ShouldBe("2");
        watch.Refuse(StatusCodes.Status503ServiceUnavailable);

        watch = await config.NextWatchAsync();
        watch.From.ShouldBe("2");
        await watch.SendAsync(FakeConfigService.Version(3));
        (await changes.NextAsync()).ShouldBe(3);
        (await HealthAsync(node)).ShouldBe(HttpStatusCode.OK);
    }

    [Fact]
    public async Task Watch_ServiceComesBackOnItsPort_IsFoundAgain()
    {
        int port;
        await using (var first = await FakeConfigService.StartAsync())
            port = new Uri(first.Url).Port;
        await using var node = await StartNodeAsync($"http://127.0.0.1:{port}");
        await using var config = await FakeConfigService.StartAsync(port);

        await (await config.NextWatchAsync()).SendAsync(FakeConfigService.Version(1));

        (await node.App.Services.GetRequiredService<IPlatformConfiguration>().WaitAsync(Cancellation)).Number.ShouldBe(
            1
        );
    }

    [Fact]
    public async Task Watch_Garbage_IsSkippedOnTheSameConnection()
    {
        await using var config = await FakeConfigService.StartAsync();
        await using var node = await StartNodeAsync(config);
        var changes = Changes(node);
        var watch = await config.NextWatchAsync();

        await watch.WriteAsync(": heartbeat\n\n");
        await watch.WriteAsync("event: version\ndata: {\"number\":\n\n");
        await watch.WriteAsync("event: version\ndata: null\n\n");
        await watch.WriteAsync("event: version\ndata: {}\n\n");
        await watch.WriteAsync("event: version\ndata: \u0000\ufffd\n\n");
        await watch.WriteAsync("event: rollout\ndata: {\"of\":\"a later day\"}\n\n");
        await watch.WriteAsync("no field at all\nretry: soon\n\n");
        await watch.SendAsync(FakeConfigService.Version(1));

        (await changes.NextAsync()).ShouldBe(1);
        node.Logs.Lines.Count(line => line.Level == LogLevel.Error).ShouldBe(3);
    }

    [Fact]
    public async Task Changed_OneSubscriberFails_TheOthersAreStillTold()
    {
        await using var config = await FakeConfigService.StartAsync();
        await using var node = await StartNodeAsync(config);
        var configuration = node.App.Services.GetRequiredService<IPlatformConfiguration>();
        configuration.Changed += _ => throw new InvalidOperationException("a bug");
        var changes = Changes(node);
        var watch = await config.NextWatchAsync();

        await watch.SendAsync(FakeConfigService.Version(1));
        await watch.SendAsync(FakeConfigService.Version(2));

        (await changes.NextAsync()).ShouldBe(1);
        (await changes.NextAsync()).ShouldBe(2);
        // It runs, but not as it should: the fleet and a rollout must not take it for well.
        var report = await config.NextReportAsync(report => report is { Version: 2, RefusedVersion: 2 });
        report.Refusal.ShouldNotBeNull().ShouldContain("a bug");
    }

    [Fact]
    public async Task Version_ThatOnePartCannotTakeOver_IsRefusedByAll()
    {
        await using var config = await FakeConfigService.StartAsync();
        var before = new RecordingPart();
        var after = new RecordingPart();
        await using var node = await StartNodeAsync(config.Url, parts: [before, new RecordingPart(refuses: 2), after]);
        var changes = Changes(node);
        var watch = await config.NextWatchAsync();

        await watch.SendAsync(FakeConfigService.Version(1));
        await watch.SendAsync(FakeConfigService.Version(2));
        (await config.NextReportAsync(report => report.RefusedVersion == 2)).Refusal.ShouldBe(
            "RecordingPart cannot take it over: no more room"
        );
        await watch.SendAsync(FakeConfigService.Version(3));

        (await changes.NextAsync()).ShouldBe(1);
        (await changes.NextAsync()).ShouldBe(3);
        before.Acts.ShouldBe([
            "prepare 1",
            "commit 1",
            "dispose 1",
            "prepare 2",
            "dispose 2",
            "prepare 3",
            "commit 3",
            "dispose 3",
        ]);
        after.Acts.ShouldNotContain("prepare 2");
        (await config.NextReportAsync(report => report.Version == 3)).Refusal.ShouldBeNull();
    }

    // What only a canary runs is not what a node should begin with when nobody can take it back.
    [Fact]
    public async Task Candidate_OfARollout_ComesIntoForceAndIsKeptOnlyOnceItIsReleased()
    {
        var directory = Directory.CreateTempSubdirectory("veltrix-last-good-").FullName;
        try
        {
            await using var config = await FakeConfigService.StartAsync();
            await using var node = await StartNodeAsync(config.Url, directory);
            var changes = Changes(node);
            var watch = await config.NextWatchAsync();
            await watch.SendAsync(FakeConfigService.Version(1));
            await watch.SendAsync(FakeConfigService.Version(2), isCandidate: true);
            (await changes.NextAsync()).ShouldBe(1);
            (await changes.NextAsync()).ShouldBe(2);
            await config.NextReportAsync(report => report.Version == 2);

            (await KeptAsync(directory)).ShouldBe(1);
            // A service that it asks anew tells it whether the candidate is released meanwhile.
            watch.End();
            watch = await config.NextWatchAsync();
            watch.From.ShouldBe("1");
            await watch.SendAsync(FakeConfigService.Version(2), isCandidate: true);
            (await KeptAsync(directory)).ShouldBe(1);
            await watch.SendAsync(FakeConfigService.Version(2));
            await watch.SendAsync(FakeConfigService.Version(3), isCandidate: true);

            // Being released is no change.
            (await changes.NextAsync()).ShouldBe(3);
            (await KeptAsync(directory)).ShouldBe(2);
        }
        finally
        {
            Directory.Delete(directory, recursive: true);
        }
    }

    [Fact]
    public async Task Report_CarriesWhatTheNodeMeasured()
    {
        await using var config = await FakeConfigService.StartAsync();
        await using var node = await StartNodeAsync(config);
        await (await config.NextWatchAsync()).SendAsync(FakeConfigService.Version(4));
        await node.App.Services.GetRequiredService<IPlatformConfiguration>().WaitAsync(Cancellation);
        var meter = node.App.Services.GetRequiredService<NodeMeter>();
        meter.Workers = 3;

        NodeReport report;
        do
        {
            meter.Record(TimeSpan.FromMilliseconds(8), 1_000);
            meter.RecordErrors(ErrorCatalogue.Overloaded, 10);
            report = await config.NextReportAsync();
        } while (report is not { Version: 4, LatencyP99Milliseconds: not null, ErrorsPerSecond: > 0 });

        report.Node.ShouldBe("tested-abcdefgh");
        report.Service.ShouldBe("tested");
        report.Hash.ShouldBe(FakeConfigService.Version(4).Hash);
        report.FileDescriptors.ShouldNotBeNull().ShouldBeGreaterThan(0);
        report.Workers.ShouldBe(3);
        report.ErrorsPerSecond.ShouldBeGreaterThan(0);
        report.LatencyP99Milliseconds!.Value.ShouldBe(8, tolerance: 0.08);
        report.Latency!.Counts.Sum().ShouldBeGreaterThanOrEqualTo(1_000);
        report.Errors!.ShouldHaveSingleItem().Code.ShouldBe(ErrorCatalogue.Overloaded.Code);
        report.Queue.ShouldBeNull();
        report.WorkingSetBytes.ShouldBeGreaterThan(0);
        report.CpuCores.ShouldBeGreaterThanOrEqualTo(0);
        report.StartedAt.ShouldBeLessThan(report.ReportedAt);
    }

    [Fact]
    public async Task Report_NodeStopsInGoodOrder_SaysSo()
    {
        await using var config = await FakeConfigService.StartAsync();
        await using var node = await StartNodeAsync(config);
        (await config.NextReportAsync()).IsLeaving.ShouldBeFalse();

        await node.App.StopAsync(Cancellation);

        (await config.NextReportAsync(report => report.IsLeaving)).Node.ShouldBe("tested-abcdefgh");
    }

    // The node that ran out of descriptors is the one that people want to hear of.
    [Fact]
    public async Task Report_OutOfDescriptors_SaysThatItDoesNotKnowAndGoesOn()
    {
        await using var config = await FakeConfigService.StartAsync();
        await using var host = await TestHostProcess.StartAsync(
            descriptors: 500,
            ("services__config__http__0", config.Url)
        );
        await (await config.NextWatchAsync()).SendAsync(FakeConfigService.Version(1));
        await config.NextReportAsync(report => report is { Version: 1, FileDescriptors: > 0 });

        // Once beforehand: code that is loaded needs descriptors, too.
        await PostAsync("/give-descriptors");
        await PostAsync("/take-descriptors");
        await config.NextReportAsync(report => report.FileDescriptors is null);
        await PostAsync("/give-descriptors");

        await config.NextReportAsync(report => report is { Version: 1, FileDescriptors: > 0 });
        await host.SignalAsync("TERM");
        (await host.ExitCodeAsync()).ShouldBe(0);

        async Task PostAsync(string address)
        {
            using var response = await host.Client.PostAsync(address, content: null, Cancellation);
            response.EnsureSuccessStatusCode();
        }
    }

    [Fact]
    public async Task Watch_VersionWithAnotherHash_IsRefusedAndReported()
    {
        await using var config = await FakeConfigService.StartAsync();
        await using var node = await StartNodeAsync(config);
        var configuration = node.App.Services.GetRequiredService<IPlatformConfiguration>();
        var watch = await config.NextWatchAsync();
        await watch.SendAsync(FakeConfigService.Version(1));
        await configuration.WaitAsync(Cancellation);

        await watch.SendAsync(FakeConfigService.Version(2) with { Hash = new string('0', 64) });

        var report = await config.NextReportAsync(report => report.Refusal is not null);
        report.Version.ShouldBe(1);
        report.RefusedVersion.ShouldBe(2);
        configuration.Current.Number.ShouldBe(1);
        await watch.SendAsync(FakeConfigService.Version(3));
        (await config.NextReportAsync(report => report.Version == 3)).Refusal.ShouldBeNull();
    }

    [Fact]
    public async Task Watch_VersionThatIsInvalid_IsRefusedWithThePath()
    {
        await using var config = await FakeConfigService.StartAsync();
        await using var node = await StartNodeAsync(config);
        var watch = await config.NextWatchAsync();

        await watch.SendAsync(FakeConfigService.Version(1, workers: 100_000));

        var report = await config.NextReportAsync(report => report.Refusal is not null);
        report.Version.ShouldBeNull();
        report.Refusal.ShouldNotBeNull().ShouldContain("$.processor.workers");
    }

    [Fact]
    public async Task Start_ServiceIsAway_BeginsWithTheLastGoodCopyUntilTheServiceIsBack()
    {
        var directory = Directory.CreateTempSubdirectory("veltrix-last-good-").FullName;
        try
        {
            await using (var config = await FakeConfigService.StartAsync())
            await using (var first = await StartNodeAsync(config.Url, directory))
            {
                await (await config.NextWatchAsync()).SendAsync(FakeConfigService.Version(7, workers: 5));
                // Reported once it is in force, and that comes after it was kept.
                await config.NextReportAsync(report => report.Version == 7);
            }

            int port;
            await using (var gone = await FakeConfigService.StartAsync())
                port = new Uri(gone.Url).Port;
            await using var node = await StartNodeAsync($"http://127.0.0.1:{port}", directory);
            var configuration = node.App.Services.GetRequiredService<IPlatformConfiguration>();

            (await configuration.WaitAsync(Cancellation)).Number.ShouldBe(7);
            configuration.Current.Configuration.Processor.Workers.ShouldBe(5);
            (await HealthAsync(node)).ShouldBe(HttpStatusCode.OK);
            // A service with another history, whose numbers are lower, counts more than the copy.
            var changes = Changes(node);
            await using var back = await FakeConfigService.StartAsync(port);
            var watch = await back.NextWatchAsync();
            watch.From.ShouldBe("");
            await watch.SendAsync(FakeConfigService.Version(1));
            // The copy may be announced after it was waited for.
            var next = await changes.NextAsync();
            (next == 7 ? await changes.NextAsync() : next).ShouldBe(1);
        }
        finally
        {
            Directory.Delete(directory, recursive: true);
        }
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Start_ServiceTakesTheConnectionAndSaysNothing_BeginsWithTheLastGoodCopySoon(bool answers)
    {
        var directory = Directory.CreateTempSubdirectory("veltrix-last-good-").FullName;
        try
        {
            await using (var config = await FakeConfigService.StartAsync())
            await using (var first = await StartNodeAsync(config.Url, directory))
            {
                await (await config.NextWatchAsync()).SendAsync(FakeConfigService.Version(7));
                await config.NextReportAsync(report => report.Version == 7);
            }
            // No other time passes, however long it takes.
            var time = new HeldTimer(TimeSpan.FromSeconds(3));
            await using var silent = await FakeConfigService.StartAsync();
            await using var node = await StartNodeAsync(silent.Url, directory, time: time);
            var watch = await silent.NextWatchAsync();
            if (answers)
            {
                // The limit of the answer; then begins the one of the first version.
                await watch.WriteAsync("");
                await time.SkipAsync();
            }

            await time.FireAsync();

            var configuration = node.App.Services.GetRequiredService<IPlatformConfiguration>();
            (await configuration.WaitAsync(Cancellation)).Number.ShouldBe(7);
        }
        finally
        {
            Directory.Delete(directory, recursive: true);
        }
    }

    [Theory]
    [InlineData("garbled")]
    [InlineData("foreign")]
    [InlineData("empty")]
    public async Task Start_CopyThatIsNotOurs_IsNotUsed(string damage)
    {
        var directory = Directory.CreateTempSubdirectory("veltrix-last-good-").FullName;
        try
        {
            await using (var config = await FakeConfigService.StartAsync())
            await using (
                var first = await StartNodeAsync(
                    config.Url,
                    directory,
                    damage == "foreign" ? "key-of-another-platform" : "key-of-node"
                )
            )
            {
                await (await config.NextWatchAsync()).SendAsync(FakeConfigService.Version(7));
                await config.NextReportAsync(report => report.Version == 7);
            }
            var path = Directory.GetFiles(directory).ShouldHaveSingleItem();
            if (damage == "garbled")
                await File.WriteAllTextAsync(
                    path,
                    (await File.ReadAllTextAsync(path, Cancellation)).Replace("\"workers\":2", "\"workers\":9"),
                    Cancellation
                );
            if (damage == "empty")
                await File.WriteAllTextAsync(path, "", Cancellation);

            await using var node = await StartNodeAsync("http://127.0.0.1:9", directory);
            await node.Logs.UntilAsync(line => line.Text.Contains("is not used", StringComparison.Ordinal));

            Should.Throw<ConfigurationUnavailableException>(() =>
                node.App.Services.GetRequiredService<IPlatformConfiguration>().Current
            );
        }
        finally
        {
            Directory.Delete(directory, recursive: true);
        }
    }

    [Fact]
    public async Task Report_VersionAppliedOrRefused_DoesNotWaitForItsSecond()
    {
        await using var config = await FakeConfigService.StartAsync();
        // No second ever passes.
        await using var node = await TestService.StartAsync(
            configure: builder =>
            {
                builder.Services.AddSingleton<TimeProvider>(new HeldTimer(held: TimeSpan.FromSeconds(1)));
                builder.AddPlatformConfiguration();
            },
            settings: [("services:config:http:0", config.Url)]
        );
        var watch = await config.NextWatchAsync();

        await watch.SendAsync(FakeConfigService.Version(1));
        (await config.NextReportAsync()).Version.ShouldBe(1);
        await watch.SendAsync(FakeConfigService.Version(2) with { Hash = new string('0', 64) });
        (await config.NextReportAsync()).RefusedVersion.ShouldBe(2);
    }

    [Fact]
    public async Task Report_Refused_IsSaidOncePerOutage()
    {
        await using var config = await FakeConfigService.StartAsync();
        config.ReportStatus = StatusCodes.Status500InternalServerError;
        await using var node = await StartNodeAsync(config);

        await config.NextReportAsync();
        await config.NextReportAsync();
        config.ReportStatus = StatusCodes.Status204NoContent;
        do await config.NextReportAsync();
        while (Count(node, "Reports reach") == 0);

        Count(node, "Reports do not reach").ShouldBe(1);
        Count(node, "Reports reach").ShouldBe(1);
    }

    private static int Count(TestService node, string beginning) =>
        node.Logs.Lines.Count(line => line.Text.StartsWith(beginning, StringComparison.Ordinal));

    private static Task<TestService> StartNodeAsync(FakeConfigService config) => StartNodeAsync(config.Url);

    private static Task<TestService> StartNodeAsync(
        string configUrl,
        string lastGoodDirectory = "",
        string key = "key-of-node",
        TimeProvider? time = null,
        IReadOnlyList<IConfigurationPart>? parts = null
    ) =>
        TestService.StartAsync(
            configure: builder =>
            {
                if (time is not null)
                    builder.Services.AddSingleton(time);
                foreach (var part in parts ?? [])
                    builder.Services.AddSingleton(part);
                builder.AddPlatformConfiguration();
            },
            settings:
            [
                ("services:config:http:0", configUrl),
                ("Keys:Node", key),
                ("LastGoodConfiguration:Directory", lastGoodDirectory),
                ("OTEL_SERVICE_NAME", "tested"),
                ("OTEL_RESOURCE_ATTRIBUTES", "deployment=test,service.instance.id=abcdefgh"),
            ]
        );

    /// <summary>Number of the version that a node would begin with.</summary>
    private static async Task<int?> KeptAsync(string directory)
    {
        var lines = await File.ReadAllLinesAsync(Directory.GetFiles(directory).ShouldHaveSingleItem(), Cancellation);
        return JsonSerializer.Deserialize(lines[1], ConfigurationJson.Default.ConfigurationVersion)!.Number;
    }

    private static ChangeRecorder Changes(TestService node) =>
        new(node.App.Services.GetRequiredService<IPlatformConfiguration>());

    private static async Task<HttpStatusCode> HealthAsync(TestService node)
    {
        using var response = await node.Client.GetAsync("/health", Cancellation);
        return response.StatusCode;
    }

    private sealed class RecordingPart(int? refuses = null) : IConfigurationPart
    {
        public List<string> Acts { get; } = [];

        public IPreparedConfiguration Prepare(ConfigurationVersion version)
        {
            if (version.Number == refuses)
                throw new InvalidOperationException("no more room");
            Acts.Add($"prepare {version.Number}");
            return new Prepared(this, version.Number);
        }

        private sealed class Prepared(RecordingPart part, int number) : IPreparedConfiguration
        {
            public void Commit() => part.Acts.Add($"commit {number}");

            public void Dispose() => part.Acts.Add($"dispose {number}");
        }
    }

    private sealed class ChangeRecorder
    {
        private readonly System.Threading.Channels.Channel<int> _numbers =
            System.Threading.Channels.Channel.CreateBounded<int>(100);

        public ChangeRecorder(IPlatformConfiguration configuration) =>
            configuration.Changed += version => _numbers.Writer.TryWrite(version.Number);

        public async Task<int> NextAsync() => await _numbers.Reader.ReadAsync(Cancellation);
    }
}
