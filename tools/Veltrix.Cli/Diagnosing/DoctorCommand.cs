using System.CommandLine;
using System.Text.Json;
using System.Text.Json.Nodes;
using Veltrix.Cli.Output;
using Veltrix.Configuration;
using Veltrix.Configuration.Capacity;

namespace Veltrix.Cli.Diagnosing;

/// <summary><c>veltrix doctor</c>: examines a configuration without a running platform.</summary>
internal sealed class DoctorCommand
{
    private const string Text = "text";
    private const string Json = "json";
    private const string Sarif = "sarif";

    private static readonly JsonSerializerOptions Readable = new(ConfigurationJson.Default.Options)
    {
        WriteIndented = true,
        NewLine = "\n",
    };

    private readonly Argument<string> _file = new("file")
    {
        Description = "The configuration, JSON, or YAML in a file named .yaml or .yml",
    };
    private readonly Option<string?> _traffic = File("--traffic", "What to expect, instead of the document's traffic");
    private readonly Option<string?> _machine = File(
        "--machine",
        "What one node has, instead of the document's limits"
    );
    private readonly Option<string?> _topology = new("--topology")
    {
        Description =
            "Brokers, topics and handled types that are there: a file, or host:port[,host:port] of a running Kafka",
        HelpName = "file|bootstrap",
    };
    private readonly Option<string?> _previous = File("--previous", "The configuration that is in force");

    private readonly Option<bool> _fix = new("--fix")
    {
        Description =
            "Print the repaired configuration; the exit code and what is left (on standard error) are about it",
    };

    private readonly Option<string> _format = Format();

    public Command Create(CliContext context)
    {
        var command = new Command(
            "doctor",
            "Say what a configuration would do wrong, in numbers, before it is published"
        )
        {
            _file,
            _traffic,
            _machine,
            _topology,
            _previous,
            _fix,
            _format,
        };
        command.SetAction(
            (parsed, cancellation) =>
                RunAsync(
                    new DoctorFiles(
                        parsed.GetRequiredValue(_file),
                        parsed.GetValue(_traffic),
                        parsed.GetValue(_machine),
                        parsed.GetValue(_topology),
                        parsed.GetValue(_previous)
                    ),
                    parsed.GetValue(_fix),
                    parsed.GetRequiredValue(_format),
                    context,
                    cancellation
                )
        );
        return command;
    }

    private static async Task<int> RunAsync(
        DoctorFiles files,
        bool fix,
        string format,
        CliContext context,
        CancellationToken cancellation
    )
    {
        var input = await DoctorInput.ReadAsync(files, context, cancellation);
        if (fix)
        {
            input = input.Repaired();
            context.Out.WriteLine(
                JsonSerializer.Serialize(input.Configuration, Readable.GetTypeInfo(typeof(PlatformConfiguration)))
            );
        }
        var diagnosis = input.Examine();
        var report = new DoctorReport(
            diagnosis.IsRefused,
            diagnosis.Findings,
            CapacityQuestions.Ask(input.Configuration)
        );
        Write(fix ? context.Error : context.Out, report, format, files.Configuration);
        return diagnosis.IsRefused ? ExitCode.BadResult : ExitCode.Success;
    }

    private static void Write(TextWriter writer, DoctorReport report, string format, string file)
    {
        if (format == Text)
            TextReport.Write(writer, report);
        else if (format == Json)
            writer.WriteLine(JsonSerializer.Serialize(report, CliJson.Default.DoctorReport));
        else
            writer.WriteLine(
                JsonSerializer.Serialize<JsonNode>(SarifReport.Of(report, file), CliJson.Default.JsonNode)
            );
    }

    private static Option<string?> File(string name, string description) =>
        new(name) { Description = description, HelpName = "file" };

    private static Option<string> Format()
    {
        var format = new Option<string>("--format")
        {
            Description = "text, json or sarif (2.1.0)",
            DefaultValueFactory = _ => Text,
        };
        return format.AcceptOnlyFromAmong(Text, Json, Sarif);
    }
}
