using System.Diagnostics;
using System.Net.NetworkInformation;
using Veltrix.Testing;

namespace Veltrix.EndToEnd.Tests;

/// <summary>The same platform on a real Apache Kafka of three nodes, one of them killed in mid-load.</summary>
public sealed class RealKafkaTests
{
    [Fact]
    public async Task Platform_OnThreeKafkaNodesWithOneKilled_LosesNothingAcknowledged()
    {
        await using var kafka = await RealKafka.StartAsync(nodes: 3);
        using var directory = new TemporaryDirectory();
        await using var platform = await Platform.StartAsync(
            directory.Path,
            $"ConnectionStrings:kafka={kafka.BootstrapServers}"
        );
        var source = Workload.NewSource();
        var prefix = $"hunt-{Guid.NewGuid():N}-";
        await platform.AcceptAsync(
            Enumerable
                .Range(0, 10)
                .SelectMany(number => Workload.Hunt(source, $"{prefix}{number}", clues: 3, player: "ada"))
        );
        (await platform.HandledAsync(source, prefix, 50)).ShouldBe(new Accounting(50, 50));

        var load = CommandLine.LoadAsync(
            platform,
            // Two nodes that share two cores with everything else may take long to agree again.
            ["--rate", "500", "--duration", "12s", "--batch", "20", "--connections", "4", "--drain-timeout", "3m"]
        );
        await kafka.KillAsync(node: 2);

        var report = await load;
        if (report.Lost > 0)
            Assert.Fail(await MissingEvents.DescribeAsync(platform, report));
        report.Duplicated.ShouldBe(0, report.ToString());
        report.Handled.ShouldBe(report.Accepted + report.Unacknowledged, report.ToString());
        report.Accepted.ShouldBeGreaterThan(0);
    }

    /// <summary>Apache Kafka of the shared material; its absence is a visible skip.</summary>
    private sealed class RealKafka : IAsyncDisposable
    {
        private readonly string _script;
        private readonly string _directory;

        private RealKafka(string script, string directory, string bootstrapServers)
        {
            _script = script;
            _directory = directory;
            BootstrapServers = bootstrapServers;
        }

        public string BootstrapServers { get; }

        public static async Task<RealKafka> StartAsync(int nodes)
        {
            var script = SharedMaterial.Find("kafka/kafka");
            var directory = Directory.CreateTempSubdirectory("veltrix-apache-kafka-").FullName;
            var port = FreeRange(2 * nodes);
            var output = await RunAsync(
                script,
                "start",
                "--nodes",
                $"{nodes}",
                "--port",
                $"{port}",
                "--dir",
                directory
            );
            return new RealKafka(
                script,
                directory,
                output.Split('\n', StringSplitOptions.RemoveEmptyEntries)[^1].Trim()
            );
        }

        public Task KillAsync(int node) =>
            RunAsync(_script, "stop", "--dir", _directory, "--node", $"{node}", "--signal", "KILL");

        public async ValueTask DisposeAsync()
        {
            await RunAsync(_script, "stop", "--dir", _directory, "--signal", "KILL");
            Directory.Delete(_directory, recursive: true);
        }

        /// <summary>The first of <paramref name="count"/> neighbouring ports that nobody listens on.</summary>
        private static int FreeRange(int count)
        {
            var taken = IPGlobalProperties
                .GetIPGlobalProperties()
                .GetActiveTcpListeners()
                .Select(end => end.Port)
                .ToHashSet();
            return Enumerable
                .Range(40, 60)
                .Select(hundred => hundred * 400)
                .First(first => !Enumerable.Range(first, count).Any(taken.Contains));
        }

        private static async Task<string> RunAsync(string script, params string[] arguments)
        {
            // Output goes to a file: the nodes that the script leaves running would hold a pipe open.
            var log = Path.GetTempFileName();
            try
            {
                using var process = Process.Start(
                    "bash",
                    ["-c", "\"$0\" \"$@\" >\"$LOG\" 2>&1 </dev/null".Replace("$LOG", log), script, .. arguments]
                );
                await process.WaitForExitAsync(TestContext.Current.CancellationToken);
                var output = await File.ReadAllTextAsync(log, TestContext.Current.CancellationToken);
                process.ExitCode.ShouldBe(0, output);
                return output;
            }
            finally
            {
                File.Delete(log);
            }
        }
    }
}
