using System.CommandLine;
using System.CommandLine.Parsing;
using System.Globalization;
using System.Text.Json;
using Spectre.Console;
using Veltrix.Cli.Output;
using Veltrix.Cli.Platform;
using Veltrix.Events;

namespace Veltrix.Cli.Watchers;

/// <summary><c>veltrix watchers</c></summary>
internal sealed class WatchersCommand
{
    private const double BytesPerMegabyte = 1_000_000;

    private readonly Option<int> _nodes = Options.Number("--nodes", "Nodes to simulate", 1_000, 1, 20_000);
    private readonly Option<int> _publishes = Options.Number(
        "--publishes",
        "Versions to publish and to measure: the document in force with one option changed; in the end it is as it was",
        0,
        0,
        10_000
    );
    private readonly Option<int> _warmUp = Options.Number("--warm-up", "Versions to publish before", 0, 0, 10_000);
    private readonly Option<TimeSpan> _pause = Options.Time(
        "--pause",
        "From the last node that has a version to the next publication",
        TimeSpan.FromMilliseconds(200)
    );
    private readonly Option<bool> _report = new("--report")
    {
        Description = "Each node reports every second, and at once what it has applied",
    };
    private readonly Option<bool> _shareProof = new("--share-proof")
    {
        Description = "Nodes that were given the same bytes check them once, since here they share one machine",
    };
    private readonly Option<int> _drifts = Options.Number(
        "--drifts",
        "Nodes that report a foreign hash, one after the other; needs --report",
        0,
        0,
        10_000
    );
    private readonly Option<TimeSpan> _hold = Options.Time(
        "--hold",
        "How long to stay connected after all that",
        TimeSpan.FromSeconds(1)
    );
    private readonly Option<int?> _process = new("--process")
    {
        Description = "Process id of the configuration service, to read its memory and its processor time",
    };
    private readonly Option<bool> _json = Options.Json();

    public Command Create(PlatformOptions platform, CliContext context)
    {
        var command = new Command(
            "watchers",
            "Simulate nodes that watch the configuration, and measure how fast they see, apply and acknowledge it"
        )
        {
            _nodes,
            _publishes,
            _warmUp,
            _pause,
            _report,
            _shareProof,
            _drifts,
            _hold,
            _process,
            _json,
        };
        command.Validators.Add(result =>
        {
            if (result.GetValue(_drifts) > 0 && !result.GetValue(_report))
                result.AddError("--drifts needs --report: a node is known by its reports.");
        });
        command.SetAction(
            (parsed, cancellation) =>
                RunAsync(
                    Read(parsed),
                    () => platform.Connect(parsed, context),
                    parsed.GetValue(_json),
                    context,
                    cancellation
                )
        );
        return command;
    }

    private WatchersSettings Read(ParseResult parsed) =>
        new(
            parsed.GetValue(_nodes),
            parsed.GetValue(_report),
            parsed.GetValue(_shareProof),
            parsed.GetValue(_publishes),
            parsed.GetValue(_warmUp),
            parsed.GetValue(_pause),
            parsed.GetValue(_drifts),
            parsed.GetValue(_hold),
            parsed.GetValue(_process)
        );

    private static async Task<int> RunAsync(
        WatchersSettings settings,
        Func<PlatformConnection> connect,
        bool json,
        CliContext context,
        CancellationToken cancellation
    )
    {
        Descriptors.Require(settings.Reports ? settings.Nodes * 2 : settings.Nodes);
        var platform = connect();
        var (result, failure) = await ProgressDisplay.RunAsync(
            context,
            async progress =>
            {
                await using var run = new WatchersRun(settings, platform, progress, TimeProvider.System, cancellation);
                return (await run.ExecuteAsync(), run.FirstFailure);
            }
        );
        if (failure is not null)
            ErrorWriter.Write(
                context.Error,
                new CliException(
                    ErrorCatalogue.ServiceUnreachable,
                    $"{result.FailedReports} reports failed, the first: {failure}"
                )
            );
        if (json)
            context.Out.WriteLine(JsonSerializer.Serialize(result, CliJson.Default.WatchersResult));
        else
            Write(context, result);
        return result.IsGood ? ExitCode.Success : ExitCode.BadResult;
    }

    private static void Write(CliContext context, WatchersResult result)
    {
        var table = new Table()
            .Border(TableBorder.Rounded)
            .AddColumns("", "count", "p50 ms", "p90 ms", "p99 ms", "worst ms");
        foreach (var column in table.Columns.Skip(1))
            column.RightAligned();
        Row("Publication answered", result.Published);
        Row("Seen by a node", result.Seen);
        Row("Applied and acknowledged", result.Acknowledged);
        Row("Report", result.Report);
        Row("Drift named", result.DriftNamed);
        AnsiConsole.Create(new AnsiConsoleSettings { Out = new AnsiConsoleOutput(context.Out) }).Write(table);
        context.Out.WriteLine(
            string.Create(
                CultureInfo.InvariantCulture,
                $"{result.Nodes} nodes, {result.Publishes} publications, {result.Missed} missed, {result.FailedReports} reports failed"
            )
        );
        if (result.Publishing is { } publishing)
            Write(context, $"{result.Publishes} publications", publishing);
        if (result.Holding is { } holding)
            Write(context, "Afterwards", holding);
        if (result.PssBytes is { } bytes)
            context.Out.WriteLine(
                string.Create(
                    CultureInfo.InvariantCulture,
                    $"{bytes / BytesPerMegabyte:0.0} MB proportional set size with all of them connected"
                )
            );

        void Row(string name, Spread? spread)
        {
            if (spread is not null)
                table.AddRow(
                    name,
                    spread.Count.ToString("#,0", CultureInfo.InvariantCulture),
                    Number(spread.P50Milliseconds),
                    Number(spread.P90Milliseconds),
                    Number(spread.P99Milliseconds),
                    Number(spread.WorstMilliseconds)
                );
        }
    }

    private static void Write(CliContext context, string what, Cost cost) =>
        context.Out.WriteLine(
            string.Create(
                CultureInfo.InvariantCulture,
                $"{what}: {cost.Seconds:0.0} s, {cost.Reports} reports; processor time of the nodes {cost.NodesMilliseconds:0} ms{(cost.ServiceMilliseconds is { } service ? $", of the service {service:0} ms" : "")}"
            )
        );

    private static string Number(double milliseconds) => milliseconds.ToString("#,0.0", CultureInfo.InvariantCulture);
}
