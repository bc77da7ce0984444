using System.Globalization;
using System.Text.Json;
using Veltrix.Cli;
using Veltrix.Cli.Output;
using Veltrix.Cli.Watchers;
using Veltrix.Config.Benchmarks.Etcd;

namespace Veltrix.Config.Benchmarks;

/// <summary>Measures the configuration service, each row with what it needs and nothing beside it, and prints a table.</summary>
internal sealed class ConfigBenchmark(TextWriter output, CancellationToken cancellation)
{
    private const int Nodes = 1_000;
    private const int Publishes = 100;
    private const int WarmUp = 100;
    private const double BytesPerMegabyte = 1_000_000;
    private static readonly string[] Publications =
    [
        "--nodes",
        $"{Nodes}",
        "--publishes",
        $"{Publishes}",
        "--warm-up",
        $"{WarmUp}",
        "--hold",
        "10s",
    ];

    /// <summary>Runs the rows with these names, or all of them.</summary>
    public async Task RunAsync(IReadOnlyCollection<string> names)
    {
        (string Name, Func<Task> Measure)[] rows =
        [
            ("reports", ReportsAsync),
            ("shared", SharedAsync),
            ("watch", WatchAsync),
            ("etcd", EtcdAsync),
            ("drift", DriftAsync),
            ("doctor", DoctorAsync),
            ("idle", IdleAsync),
        ];
        output.WriteLine("| what | count | p50 ms | p90 ms | p99 ms | worst ms |");
        output.WriteLine("|---|---|---|---|---|---|");
        foreach (var (name, measure) in rows)
            if (names.Count == 0 || names.Contains(name, StringComparer.Ordinal))
                await measure();
    }

    private Task ReportsAsync() => ReportsAsync("1,000 nodes that report each second", [.. Publications, "--report"]);

    private Task SharedAsync() =>
        ReportsAsync(
            "the same, equal bytes checked once for all nodes",
            [.. Publications, "--report", "--share-proof"]
        );

    private async Task ReportsAsync(string name, string[] arguments)
    {
        var result = await WatchersAsync(arguments);
        Row($"{name}: publication answered", result.Published);
        Row($"{name}: seen", result.Seen);
        Row($"{name}: applied and acknowledged", result.Acknowledged);
        Row($"{name}: one report", result.Report);
        CostOf(result);
    }

    private async Task WatchAsync()
    {
        // What a node does once it has seen a version is no part of what etcd's watchers do.
        var result = await WatchersAsync([.. Publications, "--share-proof"]);
        Row("1,000 nodes that only watch: publication answered", result.Published);
        Row("1,000 nodes that only watch: seen", result.Seen);
        CostOf(result);
    }

    private async Task EtcdAsync()
    {
        await using var service = await ConfigService.StartAsync(cancellation);
        var bytes = await service.VersionBytesAsync(cancellation);
        await using var etcd = await EtcdServer.StartAsync(cancellation);
        var result = await new EtcdWatchers(etcd.Address, Nodes).RunAsync(bytes, WarmUp, Publishes, cancellation);
        Row($"etcd, 1,000 watchers, {bytes.Length:#,0} bytes: write answered", result.Published);
        Row("etcd, 1,000 watchers: seen", result.Seen);
    }

    private async Task DriftAsync() =>
        Row(
            "50 nodes that report each second: a drifted one named",
            (await WatchersAsync(["--nodes", "50", "--report", "--drifts", "20"])).DriftNamed
        );

    private async Task IdleAsync()
    {
        var result = await WatchersAsync(["--nodes", "10000", "--hold", "20s"]);
        output.WriteLine();
        output.WriteLine(
            string.Create(
                CultureInfo.InvariantCulture,
                $"10,000 idle watchers: {result.PssBytes / BytesPerMegabyte:0} MB PSS"
            )
        );
    }

    private async Task DoctorAsync()
    {
        await foreach (var (name, spread) in DoctorTiming.MeasureAsync())
            Row($"doctor's verdict: {name}", spread);
    }

    /// <summary>One run of <c>veltrix watchers</c> against a configuration service and a PostgreSQL of its own.</summary>
    private async Task<WatchersResult> WatchersAsync(string[] arguments)
    {
        await using var service = await ConfigService.StartAsync(cancellation);
        await using var result = new StringWriter();
        var code = await VeltrixCommand.RunAsync(
            [
                "watchers",
                .. arguments,
                "--config-service",
                service.Address.ToString(),
                "--key-file",
                service.KeyFile,
                "--process",
                service.ProcessId.ToString(CultureInfo.InvariantCulture),
                "--json",
            ],
            new CliContext(result, Console.Error, () => Stream.Null, Environment.CurrentDirectory),
            cancellation
        );
        return code == 0
            ? JsonSerializer.Deserialize(result.ToString(), CliJson.Default.WatchersResult)!
            : throw new InvalidOperationException($"veltrix watchers ended with {code}: {result}");
    }

    /// <summary>Processor time, on standard error: times depend on what else the machine does, this hardly.</summary>
    private static void CostOf(WatchersResult result)
    {
        var (publishing, holding) = (result.Publishing!, result.Holding!);
        Console.Error.WriteLine(
            string.Create(
                CultureInfo.InvariantCulture,
                $"processor time: {publishing.ServiceMilliseconds / result.Publishes:0.0} ms of the service and {publishing.NodesMilliseconds / result.Publishes:0.0} ms of the nodes per publication, {(double)publishing.Reports / result.Publishes:0} reports included; then {1_000 * holding.ServiceMilliseconds / Math.Max(1, holding.Reports):0} and {1_000 * holding.NodesMilliseconds / Math.Max(1, holding.Reports):0} µs per report ({holding.Reports})"
            )
        );
    }

    private void Row(string name, Spread? spread) =>
        output.WriteLine(
            spread is null
                ? $"| {name} | 0 | | | | |"
                : string.Create(
                    CultureInfo.InvariantCulture,
                    $"| {name} | {spread.Count:#,0} | {spread.P50Milliseconds:0.0} | {spread.P90Milliseconds:0.0} | {spread.P99Milliseconds:0.0} | {spread.WorstMilliseconds:0.0} |"
                )
        );
}
