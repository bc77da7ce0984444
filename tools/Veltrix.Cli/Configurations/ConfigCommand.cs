using System.CommandLine;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Veltrix.Cli.Platform;

namespace Veltrix.Cli.Configurations;

/// <summary><c>veltrix config</c>, and what its commands share.</summary>
internal sealed class ConfigCommand(PlatformOptions platform, CliContext context)
{
    private readonly Option<bool> _json = Options.Json();

    public Command Create()
    {
        var command = new Command("config", "Read and change the platform's configuration, version by version");
        foreach (
            var verb in new[]
            {
                new ReadCommands(this).Create(),
                new ProposalCommands(this).Create(),
                new PolicyCommands(this).Create(),
                new RolloutCommands(this).Create(),
            }.SelectMany(verbs => verbs)
        )
            command.Subcommands.Add(verb);
        return command;
    }

    public CliContext Context => context;

    /// <summary>One command: its arguments and options, and what it does; the result is its exit code.</summary>
    public Command Verb(
        string name,
        string description,
        IEnumerable<Symbol> symbols,
        Func<ParseResult, ConfigClient, CancellationToken, Task<int>> run,
        string root = "/configuration"
    )
    {
        var command = new Command(name, description) { _json };
        foreach (var symbol in symbols)
            if (symbol is Argument argument)
                command.Arguments.Add(argument);
            else
                command.Options.Add((Option)symbol);
        command.SetAction(
            async (parsed, cancellation) =>
            {
                using var client = ConfigClient.Of(platform.Connect(parsed, context), root);
                return await run(parsed, client, cancellation);
            }
        );
        return command;
    }

    /// <summary>Prints a result, as JSON where that was asked for.</summary>
    public int Print<T>(ParseResult parsed, T result, JsonTypeInfo<T> type, Func<T, string> text)
    {
        context.Out.WriteLine(parsed.GetValue(_json) ? JsonSerializer.Serialize(result, type) : text(result));
        return ExitCode.Success;
    }

    public static Option<string> Reason() =>
        new("--reason") { Description = "Why; kept with the act for ever", Required = true };

    public static Option<int?> Base() =>
        new("--base") { Description = "Version that this was made from; refused when it is no longer the current one" };

    public static string Query(string name, string value) => $"{name}={Uri.EscapeDataString(value)}";
}
