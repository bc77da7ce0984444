using System.CommandLine;
using System.Text.Json;
using Veltrix.Cli.Ingest;
using Veltrix.Cli.Output;
using Veltrix.Cli.Platform;
using Veltrix.Cli.Processor;

namespace Veltrix.Cli.Hunts;

/// <summary><c>veltrix hunts</c></summary>
internal sealed class HuntsCommand
{
    private readonly Option<int> _count = Options.Number("--count", "Hunts to play", 10, 1, 1_000_000);
    private readonly Option<int> _players = Options.Number("--players", "Players who take turns", 4, 1, 1_000_000);
    private readonly Option<int> _clues = Options.Number("--clues", "Clues of each hunt", 3, 1, 100);

    private readonly Option<TimeSpan> _drainTimeout = Options.Time(
        "--drain-timeout",
        "How long to wait without progress, for ingest and for the sagas",
        TimeSpan.FromSeconds(60)
    );

    private readonly Option<bool> _json = Options.Json();

    public Command Create(PlatformOptions platform, CliContext context)
    {
        var command = new Command("hunts", "Play whole treasure hunts and wait until each has ended")
        {
            _count,
            _players,
            _clues,
            _drainTimeout,
            _json,
        };
        command.SetAction(
            async (parsed, cancellation) =>
            {
                var connection = platform.Connect(parsed, context);
                using var ingest = IngestClient.Of(connection);
                using var processor = ProcessorClient.Of(connection);
                var summary = await ProgressDisplay.RunAsync(
                    context,
                    progress =>
                        new HuntsRun(
                            parsed.GetValue(_count),
                            parsed.GetValue(_players),
                            parsed.GetValue(_clues),
                            parsed.GetValue(_drainTimeout),
                            ingest,
                            processor,
                            progress,
                            TimeProvider.System
                        ).ExecuteAsync(cancellation)
                );
                context.Out.WriteLine(
                    parsed.GetValue(_json)
                        ? JsonSerializer.Serialize(summary, CliJson.Default.HuntsSummary)
                        : $"{summary.Hunts} hunts: {summary.Completed} completed, {summary.Abandoned} abandoned, "
                            + $"{summary.TimedOut} timed out, {summary.Unfinished} unfinished; {summary.Accepted} of {summary.Events} events accepted"
                );
                return summary.Unfinished == 0 ? ExitCode.Success : ExitCode.BadResult;
            }
        );
        return command;
    }
}
