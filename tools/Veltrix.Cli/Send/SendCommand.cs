using System.CommandLine;
using System.Text.Json;
using Veltrix.Cli.Ingest;
using Veltrix.Cli.Output;
using Veltrix.Cli.Platform;
using Veltrix.Events;

namespace Veltrix.Cli.Send;

/// <summary><c>veltrix send</c></summary>
internal sealed class SendCommand
{
    private readonly Argument<string?> _file = new("file")
    {
        Description = "One CloudEvent in JSON a line; standard input when absent or '-'",
        Arity = ArgumentArity.ZeroOrOne,
    };

    private readonly Option<int> _batch = Options.Number(
        "--batch",
        "Events in one request",
        byDefault: 100,
        minimum: 1,
        maximum: 10_000
    );

    private readonly Option<TimeSpan> _retryTimeout = Options.Time(
        "--retry-timeout",
        "How long to send a batch again that the platform cannot take now",
        TimeSpan.FromSeconds(60)
    );

    private readonly Option<bool> _json = Options.Json();

    public Command Create(PlatformOptions platform, CliContext context)
    {
        var command = new Command("send", "Send CloudEvents from newline-delimited JSON, in their order")
        {
            _file,
            _batch,
            _retryTimeout,
            _json,
        };
        command.SetAction(
            async (parsed, cancellation) =>
            {
                var connection = platform.Connect(parsed, context);
                using var ingest = IngestClient.Of(connection);
                await using var input = Open(parsed.GetValue(_file), context);
                var summary = await ProgressDisplay.RunAsync(
                    context,
                    progress =>
                        new SendRun(
                            ingest,
                            parsed.GetValue(_batch),
                            parsed.GetValue(_retryTimeout),
                            progress,
                            TimeProvider.System
                        ).ExecuteAsync(
                            input,
                            input is FileStream { CanSeek: true } file ? file.Length : null,
                            cancellation
                        )
                );
                Write(context, summary, parsed.GetValue(_json));
                return summary.Failed == 0 ? ExitCode.Success : ExitCode.BadResult;
            }
        );
        return command;
    }

    private static Stream Open(string? file, CliContext context)
    {
        if (file is null or "-")
            return context.OpenInput();
        try
        {
            return File.OpenRead(Path.GetFullPath(file, context.WorkingDirectory));
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new CliException(ErrorCatalogue.UnreadableInput, exception.Message);
        }
    }

    private static void Write(CliContext context, SendSummary summary, bool json)
    {
        foreach (var error in summary.Errors)
        {
            var entry = ErrorCatalogue.All.FirstOrDefault(candidate => candidate.Code == error.Code);
            context.Error.WriteLine($"line {error.Line}: {error.Code} {entry?.Title}: {error.Detail} {entry?.Fix}");
        }
        if (summary.Failed > summary.Errors.Count)
            context.Error.WriteLine($"... and {summary.Failed - summary.Errors.Count} more lines.");
        context.Out.WriteLine(
            json
                ? JsonSerializer.Serialize(summary, CliJson.Default.SendSummary)
                : $"{summary.Accepted} accepted, {summary.Duplicates} duplicates, {summary.Failed} failed of {summary.Events} events"
        );
    }
}
