using System.CommandLine;
using System.Net.Http.Headers;
using Veltrix.Configuration;
using Veltrix.Configuration.History;

namespace Veltrix.Cli.Configurations;

/// <summary><c>propose</c>, <c>import</c>, <c>proposals</c>, <c>validate</c>, <c>approve</c>, <c>publish</c>, <c>withdraw</c>, <c>rollback</c>.</summary>
internal sealed class ProposalCommands(ConfigCommand config)
{
    private readonly Argument<string> _file = new("file")
    {
        Description = "JSON, or YAML in a file named .yaml or .yml; '-' for JSON from standard input",
    };
    private readonly Argument<int> _number = new("proposal") { Description = "Number of the proposal" };
    private readonly Argument<int> _version = new("version") { Description = "Number of the version to return to" };
    private readonly Option<string> _reason = ConfigCommand.Reason();
    private readonly Option<string?> _comment = new("--reason")
    {
        Description = "Why (default: the proposal's reason, where the doctor has no new warnings)",
    };
    private readonly Option<int?> _base = ConfigCommand.Base();
    private readonly Option<bool> _patch = new("--patch")
    {
        Description = "The file is a merge patch (RFC 7396), not a whole document",
    };
    private readonly Option<bool> _publish = new("--publish") { Description = "Publish the proposal at once" };
    private readonly Option<int> _limit = Options.Number("--limit", "Proposals to show, newest first", 20, 1, 200);

    public IEnumerable<Command> Create() =>
        [
            config.Verb(
                "propose",
                "Propose a document or a merge patch",
                [_file, _reason, _base, _patch],
                ProposeAsync
            ),
            config.Verb("import", "Propose an exported document", [_file, _reason, _base, _publish], ImportAsync),
            config.Verb("proposals", "List the proposals, newest first", [_limit], ListAsync),
            config.Verb("validate", "Check a proposal's document", [_number], ValidateAsync),
            config.Verb("approve", "Approve a proposal", [_number, _comment], ApproveAsync),
            config.Verb("publish", "Publish a proposal", [_number, _comment], PublishAsync),
            config.Verb("withdraw", "Withdraw a proposal", [_number, _reason], WithdrawAsync),
            config.Verb(
                "rollback",
                "Publish a new version equal to an earlier one",
                [_version, _reason, _base],
                RollBackAsync
            ),
        ];

    private async Task<int> ProposeAsync(ParseResult parsed, ConfigClient client, CancellationToken cancellation) =>
        Print(parsed, await SendFileAsync(parsed, client, parsed.GetValue(_patch), cancellation));

    private async Task<int> ImportAsync(ParseResult parsed, ConfigClient client, CancellationToken cancellation)
    {
        var proposal = await SendFileAsync(parsed, client, isPatch: false, cancellation);
        return parsed.GetValue(_publish)
            ? Print(parsed, await PublishAsync(client, proposal.Number, $"?{Reason(parsed)}", cancellation))
            : Print(parsed, proposal);
    }

    private async Task<int> ListAsync(ParseResult parsed, ConfigClient client, CancellationToken cancellation)
    {
        var type = HistoryJson.Default.IReadOnlyListProposal;
        var proposals = await client.GetAsync($"/proposals?limit={parsed.GetValue(_limit)}", type, cancellation);
        return config.Print(parsed, proposals, type, all => ConfigText.Lines(all.Select(ConfigText.Line)));
    }

    private async Task<int> ValidateAsync(ParseResult parsed, ConfigClient client, CancellationToken cancellation)
    {
        var type = HistoryJson.Default.ProposalVerdict;
        var address = $"/proposals/{parsed.GetValue(_number)}/validate";
        var verdict = await client.ActAsync(HttpMethod.Post, address, null, type, cancellation);
        config.Print(parsed, verdict, type, ConfigText.Whole);
        return verdict.Valid ? ExitCode.Success : ExitCode.BadResult;
    }

    private async Task<int> ApproveAsync(ParseResult parsed, ConfigClient client, CancellationToken cancellation)
    {
        var address = $"/proposals/{parsed.GetValue(_number)}/approve{Comment(parsed)}";
        var type = HistoryJson.Default.Proposal;
        return Print(parsed, await client.ActAsync(HttpMethod.Post, address, null, type, cancellation));
    }

    private async Task<int> PublishAsync(ParseResult parsed, ConfigClient client, CancellationToken cancellation) =>
        Print(parsed, await PublishAsync(client, parsed.GetValue(_number), Comment(parsed), cancellation));

    private async Task<int> WithdrawAsync(ParseResult parsed, ConfigClient client, CancellationToken cancellation)
    {
        var address = $"/proposals/{parsed.GetValue(_number)}/withdraw?{Reason(parsed)}";
        var type = HistoryJson.Default.Proposal;
        return Print(parsed, await client.ActAsync(HttpMethod.Post, address, null, type, cancellation));
    }

    private async Task<int> RollBackAsync(ParseResult parsed, ConfigClient client, CancellationToken cancellation)
    {
        var address = $"/versions/{parsed.GetValue(_version)}/rollback?{Reason(parsed)}";
        var type = ConfigurationJson.Default.ConfigurationVersion;
        var follows = parsed.GetValue(_base) ?? (await client.GetAsync("", type, cancellation)).Number;
        return Print(parsed, await client.ActAsync(HttpMethod.Post, address, follows, type, cancellation));
    }

    private async Task<Proposal> SendFileAsync(
        ParseResult parsed,
        ConfigClient client,
        bool isPatch,
        CancellationToken cancellation
    )
    {
        using var body = new ReadOnlyMemoryContent(await ReadAsync(parsed.GetValue(_file)!, cancellation));
        body.Headers.ContentType = new MediaTypeHeaderValue(isPatch ? MergePatch.MediaType : "application/json");
        return await client.ActAsync(
            HttpMethod.Post,
            $"/proposals?{Reason(parsed)}",
            parsed.GetValue(_base),
            HistoryJson.Default.Proposal,
            cancellation,
            body
        );
    }

    private async Task<ReadOnlyMemory<byte>> ReadAsync(string file, CancellationToken cancellation)
    {
        if (file == "-")
        {
            await using var input = config.Context.OpenInput();
            using var bytes = new MemoryStream();
            await input.CopyToAsync(bytes, cancellation);
            return bytes.ToArray();
        }
        return DocumentFile.Read(file, config.Context);
    }

    private static Task<ConfigurationVersion> PublishAsync(
        ConfigClient client,
        int number,
        string query,
        CancellationToken cancellation
    ) =>
        client.ActAsync(
            HttpMethod.Post,
            $"/proposals/{number}/publish{query}",
            null,
            ConfigurationJson.Default.ConfigurationVersion,
            cancellation
        );

    private string Reason(ParseResult parsed) => ConfigCommand.Query("reason", parsed.GetValue(_reason)!);

    private string Comment(ParseResult parsed) =>
        parsed.GetValue(_comment) is { } comment ? $"?{ConfigCommand.Query("reason", comment)}" : "";

    private int Print(ParseResult parsed, Proposal proposal) =>
        config.Print(parsed, proposal, HistoryJson.Default.Proposal, ConfigText.Line);

    private int Print(ParseResult parsed, ConfigurationVersion version) =>
        config.Print(parsed, version, ConfigurationJson.Default.ConfigurationVersion, ConfigText.Line);
}
