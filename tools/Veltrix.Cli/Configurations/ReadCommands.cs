using System.CommandLine;
using System.Text;
using Veltrix.Configuration;
using Veltrix.Configuration.History;
using Veltrix.Events;

namespace Veltrix.Cli.Configurations;

/// <summary><c>get</c>, <c>history</c>, <c>diff</c>, <c>export</c>, <c>verify</c>, <c>audit</c>.</summary>
internal sealed class ReadCommands(ConfigCommand config)
{
    private readonly Argument<int?> _version = new("version")
    {
        Description = "Number of a version (default: the current one)",
        Arity = ArgumentArity.ZeroOrOne,
    };

    private readonly Argument<int?> _from = new("from")
    {
        Description = "Number of a version",
        Arity = ArgumentArity.ZeroOrOne,
    };

    private readonly Argument<int?> _to = new("to")
    {
        Description = "Number of a version (default: the current one)",
        Arity = ArgumentArity.ZeroOrOne,
    };

    private readonly Option<int?> _proposal = new("--proposal") { Description = "Show what this proposal changes" };
    private readonly Option<string?> _output = new("--output")
    {
        Description = "File to write (default: standard output)",
    };
    private readonly Option<int> _limit = Options.Number("--limit", "Entries to show, newest first", 20, 1, 200);

    public IEnumerable<Command> Create() =>
        [
            config.Verb("get", "Show a version and its document", [_version], GetAsync),
            config.Verb("history", "List the versions, newest first", [_limit], HistoryAsync),
            config.Verb(
                "diff",
                "Show what changes between two versions, or in a proposal",
                [_from, _to, _proposal],
                DiffAsync
            ),
            config.Verb("export", "Write the canonical bytes of a version, for Git", [_version, _output], ExportAsync),
            config.Verb("verify", "Verify that nobody changed the history", [], VerifyAsync),
            config.Verb("audit", "List the acts on the configuration, newest first", [_limit], AuditAsync),
        ];

    private async Task<int> GetAsync(ParseResult parsed, ConfigClient client, CancellationToken cancellation)
    {
        var address = parsed.GetValue(_version) is { } number ? $"/versions/{number}" : "";
        var version = await client.GetAsync(address, ConfigurationJson.Default.ConfigurationVersion, cancellation);
        return config.Print(parsed, version, ConfigurationJson.Default.ConfigurationVersion, ConfigText.Whole);
    }

    private async Task<int> HistoryAsync(ParseResult parsed, ConfigClient client, CancellationToken cancellation)
    {
        var type = ConfigurationJson.Default.IReadOnlyListConfigurationVersion;
        var versions = await client.GetAsync($"/versions?limit={parsed.GetValue(_limit)}", type, cancellation);
        return config.Print(parsed, versions, type, all => ConfigText.Lines(all.Select(ConfigText.Line)));
    }

    private async Task<int> DiffAsync(ParseResult parsed, ConfigClient client, CancellationToken cancellation)
    {
        var (from, to, proposal) = (parsed.GetValue(_from), parsed.GetValue(_to), parsed.GetValue(_proposal));
        if (from is null == proposal is null)
            throw new CliException(ErrorCatalogue.InvalidRequest, "Give one or two versions, or --proposal.");
        var address =
            proposal is not null ? $"/proposals/{proposal}/diff"
            : to is null ? $"/diff?from={from}"
            : $"/diff?from={from}&to={to}";
        var type = HistoryJson.Default.ConfigurationDifferences;
        return config.Print(parsed, await client.GetAsync(address, type, cancellation), type, ConfigText.Whole);
    }

    private async Task<int> ExportAsync(ParseResult parsed, ConfigClient client, CancellationToken cancellation)
    {
        var number =
            parsed.GetValue(_version)
            ?? (await client.GetAsync("", ConfigurationJson.Default.ConfigurationVersion, cancellation)).Number;
        var bytes = await client.GetBytesAsync($"/versions/{number}/document", cancellation);
        if (parsed.GetValue(_output) is { } file)
            await File.WriteAllBytesAsync(Path.GetFullPath(file, config.Context.WorkingDirectory), bytes, cancellation);
        else
            await config.Context.Out.WriteAsync(Encoding.UTF8.GetString(bytes));
        return ExitCode.Success;
    }

    private async Task<int> VerifyAsync(ParseResult parsed, ConfigClient client, CancellationToken cancellation)
    {
        var type = HistoryJson.Default.HistoryVerdict;
        var verdict = await client.GetAsync("/verify", type, cancellation);
        config.Print(parsed, verdict, type, ConfigText.Whole);
        return verdict.Intact ? ExitCode.Success : ExitCode.BadResult;
    }

    private async Task<int> AuditAsync(ParseResult parsed, ConfigClient client, CancellationToken cancellation)
    {
        var type = HistoryJson.Default.IReadOnlyListAuditEntry;
        var entries = await client.GetAsync($"/audit?limit={parsed.GetValue(_limit)}", type, cancellation);
        return config.Print(parsed, entries, type, all => ConfigText.Lines(all.Select(ConfigText.Line)));
    }
}
