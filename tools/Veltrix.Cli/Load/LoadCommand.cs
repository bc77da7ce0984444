using System.CommandLine;
using System.CommandLine.Parsing;
using System.Globalization;
using System.Text.Json;
using Spectre.Console;
using Veltrix.Cli.Ingest;
using Veltrix.Cli.Output;
using Veltrix.Cli.Platform;
using Veltrix.Cli.Processor;
using Veltrix.Events;
using Veltrix.Events.ReferenceWorkload;

namespace Veltrix.Cli.Load;

/// <summary><c>veltrix load</c></summary>
internal sealed class LoadCommand
{
    private readonly Option<double> _rate = new("--rate")
    {
        Description = "Events per second",
        DefaultValueFactory = _ => 1_000,
        CustomParser = ParseRate,
    };

    private readonly Option<TimeSpan> _duration = Options.Time(
        "--duration",
        "How long to send",
        TimeSpan.FromSeconds(10)
    );

    private readonly Option<int> _batch = Options.Number(
        "--batch",
        "Events in one request; 1 sends single events",
        byDefault: 100,
        minimum: 1,
        maximum: 10_000
    );

    private readonly Option<int> _connections = Options.Number(
        "--connections",
        "Most requests at the same time",
        byDefault: 16,
        minimum: 1,
        maximum: 1_000
    );

    private readonly Option<int> _keys = Options.Number(
        "--keys",
        "Distinct subjects",
        byDefault: 1_000,
        minimum: 1,
        maximum: 10_000_000
    );

    private readonly Option<PayloadSize> _payload = new("--payload-bytes")
    {
        Description = "Size of the data, for instance 200 or 100-2000; never less than the type needs",
        CustomParser = ParsePayload,
    };

    private readonly Option<string> _type = new("--type")
    {
        Description = "CloudEvents type; 'hunts', or one of the hunt types, plays whole hunts",
        DefaultValueFactory = _ => WorkloadEventTypes.PlayerMoved,
    };

    private readonly Option<TimeSpan> _drainTimeout = Options.Time(
        "--drain-timeout",
        "How long to send again after the last event was due, and to wait for a processor without progress",
        TimeSpan.FromSeconds(60)
    );

    private readonly Option<bool> _json = Options.Json();

    public Command Create(PlatformOptions platform, CliContext context)
    {
        var command = new Command(
            "load",
            "Send events at a fixed rate and compare what was acknowledged with what was handled"
        )
        {
            _rate,
            _duration,
            _batch,
            _connections,
            _keys,
            _payload,
            _type,
            _drainTimeout,
            _json,
        };
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

    private LoadSettings Read(ParseResult parsed) =>
        new(
            parsed.GetValue(_rate),
            parsed.GetValue(_duration),
            parsed.GetValue(_batch),
            parsed.GetValue(_connections),
            parsed.GetValue(_keys),
            parsed.GetValue(_payload),
            parsed.GetValue(_type)!,
            parsed.GetValue(_drainTimeout)
        );

    private static async Task<int> RunAsync(
        LoadSettings settings,
        Func<PlatformConnection> connect,
        bool json,
        CliContext context,
        CancellationToken cancellation
    )
    {
        if (settings.EventsPerSecond * settings.Duration.TotalSeconds > LoadSettings.MaximumEvents)
        {
            await context.Error.WriteLineAsync(
                $"--rate times --duration exceeds {LoadSettings.MaximumEvents:#,0} events."
            );
            return ExitCode.CouldNotRun;
        }
        var platform = connect();
        using var ingest = IngestClient.Of(platform, settings.Connections);
        using var processor = ProcessorClient.Of(platform, connections: 2);
        var (result, refusal) = await ProgressDisplay.RunAsync(
            context,
            async progress =>
            {
                var run = new LoadRun(settings, ingest, processor, progress, TimeProvider.System);
                return (await run.ExecuteAsync(cancellation), run.FirstRefusal);
            }
        );
        if (refusal is { } first)
            WriteRefusal(context, result, first);
        if (json)
            context.Out.WriteLine(JsonSerializer.Serialize(result, CliJson.Default.LoadResult));
        else
            WriteTable(context, result);
        return result.IsGood ? ExitCode.Success : ExitCode.BadResult;
    }

    private static void WriteRefusal(CliContext context, LoadResult result, (string? Code, string? Detail) first)
    {
        var error = ErrorCatalogue.All.FirstOrDefault(entry => entry.Code == first.Code);
        ErrorWriter.Write(
            context.Error,
            new CliException(
                first.Code ?? ErrorCatalogue.ServiceUnreachable.Code,
                error?.Title ?? "Ingest refused events",
                $"{result.Refused} events were refused, the first: {first.Detail}",
                error?.Fix
            )
        );
    }

    private static void WriteTable(CliContext context, LoadResult result)
    {
        var table = new Table().Border(TableBorder.Rounded).HideHeaders().AddColumns("", "");
        table.Columns[1].RightAligned();
        Row("Sent", result.Sent);
        Row("Accepted", result.Accepted);
        Row("Handled", result.Handled);
        Row("Lost", result.Lost);
        Row("Duplicated", result.Duplicated);
        Row("Unacknowledged", result.Unacknowledged);
        Row("Refused", result.Refused);
        Row("Put off", result.PutOff);
        Row("Acknowledged per second", result.EventsPerSecond);
        Row("Handled per second", result.HandledPerSecond);
        Row("Acknowledged, p50", result.P50Milliseconds, " ms");
        Row("Acknowledged, p99", result.P99Milliseconds, " ms");
        Row("End to end, p50", result.EndToEndP50Milliseconds, " ms");
        Row("End to end, p99", result.EndToEndP99Milliseconds, " ms");
        AnsiConsole.Create(new AnsiConsoleSettings { Out = new AnsiConsoleOutput(context.Out) }).Write(table);

        void Row(string name, double? value, string unit = "") =>
            table.AddRow(
                name,
                value is { } number ? number.ToString("#,0.###", CultureInfo.InvariantCulture) + unit : "-"
            );
    }

    private static double ParseRate(ArgumentResult result)
    {
        const double Largest = 10_000_000;
        if (
            double.TryParse(
                result.Tokens[0].Value,
                NumberStyles.AllowDecimalPoint,
                CultureInfo.InvariantCulture,
                out var rate
            ) && rate is > 0 and <= Largest
        )
            return rate;
        result.AddError($"--rate must be above 0 and at most {Largest:#,0} events per second.");
        return default;
    }

    private static PayloadSize ParsePayload(ArgumentResult result)
    {
        if (PayloadSize.TryParse(result.Tokens[0].Value, out var size))
            return size;
        result.AddError(
            $"--payload-bytes must be a size such as 200, or a range such as 100-2000, up to {PayloadSize.LargestBytes}."
        );
        return default;
    }
}
