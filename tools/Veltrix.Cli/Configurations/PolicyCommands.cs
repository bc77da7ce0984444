using System.CommandLine;
using Veltrix.Configuration.History;

namespace Veltrix.Cli.Configurations;

/// <summary><c>policy</c>, <c>freeze</c>, <c>unfreeze</c>, <c>pin</c>, <c>unpin</c>, <c>four-eyes</c>.</summary>
internal sealed class PolicyCommands(ConfigCommand config)
{
    private readonly Option<string> _reason = ConfigCommand.Reason();

    private readonly Argument<string> _path = new("path")
    {
        Description = "Path as differences show it, for instance $.processor.workers",
    };

    private readonly Argument<string> _switch = Switch();

    public IEnumerable<Command> Create() =>
        [
            config.Verb("policy", "Show what stands in the way of a publication", [], ReadAsync),
            config.Verb("freeze", "Stop all publications", [_reason], Act("freeze")),
            config.Verb("unfreeze", "Allow publications again", [_reason], Act("unfreeze")),
            config.Verb("pin", "Let no publication change a path", [_path, _reason], Pin(HttpMethod.Post)),
            config.Verb("unpin", "Release a pinned path", [_path, _reason], Pin(HttpMethod.Delete)),
            config.Verb(
                "four-eyes",
                "Require that another key approves; to require it no longer takes two keys",
                [_switch, _reason],
                FourEyesAsync
            ),
        ];

    private async Task<int> ReadAsync(ParseResult parsed, ConfigClient client, CancellationToken cancellation)
    {
        var type = HistoryJson.Default.PublicationPolicy;
        return config.Print(parsed, await client.GetAsync("/policy", type, cancellation), type, ConfigText.Whole);
    }

    private Func<ParseResult, ConfigClient, CancellationToken, Task<int>> Act(string act) =>
        (parsed, client, cancellation) => ChangeAsync(parsed, client, $"/{act}?{Reason(parsed)}", cancellation);

    private Task<int> FourEyesAsync(ParseResult parsed, ConfigClient client, CancellationToken cancellation)
    {
        var required = parsed.GetValue(_switch) == "on" ? "true" : "false";
        return ChangeAsync(parsed, client, $"/four-eyes?required={required}&{Reason(parsed)}", cancellation);
    }

    private async Task<int> ChangeAsync(
        ParseResult parsed,
        ConfigClient client,
        string address,
        CancellationToken cancellation
    )
    {
        var type = HistoryJson.Default.PublicationPolicy;
        var policy = await client.ActAsync(HttpMethod.Post, address, null, type, cancellation);
        return config.Print(parsed, policy, type, ConfigText.Whole);
    }

    private Func<ParseResult, ConfigClient, CancellationToken, Task<int>> Pin(HttpMethod method) =>
        async (parsed, client, cancellation) =>
        {
            var address = $"/pins?{ConfigCommand.Query("path", parsed.GetValue(_path)!)}&{Reason(parsed)}";
            var type = HistoryJson.Default.Pin;
            var pin = await client.ActAsync(method, address, null, type, cancellation);
            return config.Print(parsed, pin, type, ConfigText.Line);
        };

    private string Reason(ParseResult parsed) => ConfigCommand.Query("reason", parsed.GetValue(_reason)!);

    private static Argument<string> Switch()
    {
        var argument = new Argument<string>("switch") { Description = "on or off" };
        argument.AcceptOnlyFromAmong("on", "off");
        return argument;
    }
}
