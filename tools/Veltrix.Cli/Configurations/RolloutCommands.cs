using System.CommandLine;
using System.CommandLine.Parsing;
using System.Globalization;
using System.Net.Http.Json;
using Veltrix.Configuration.Rollouts;

namespace Veltrix.Cli.Configurations;

/// <summary><c>rollout</c>: <c>start</c>, <c>list</c>, <c>show</c>, <c>pause</c>, <c>resume</c>, <c>abort</c>.</summary>
internal sealed class RolloutCommands(ConfigCommand config)
{
    private const string Root = "/rollouts";

    private readonly Argument<int> _proposal = new("proposal") { Description = "Number of the proposal to publish" };
    private readonly Argument<int> _number = new("rollout") { Description = "Number of the rollout" };
    private readonly Option<string> _reason = ConfigCommand.Reason();
    private readonly Option<int> _limit = Options.Number("--limit", "Rollouts to show, newest first", 20, 1, 200);

    private readonly Option<TimeSpan> _bake = Options.Time(
        "--bake",
        "How long each wave is looked at, and the fleet before the first",
        TimeSpan.FromSeconds(60)
    );

    private readonly Option<bool> _acceptIdle = new("--accept-idle")
    {
        Description = "Go on although a wave's nodes have nothing to do; else it waits for events",
    };

    private readonly Option<RolloutWave[]> _waves = new("--wave")
    {
        Description = "In order: 2, 50%, processor, processor:1 or processor:50%; repeat it for each wave",
        CustomParser = ParseWaves,
        DefaultValueFactory = _ => [new(Count: 1), new(Percent: 50), new(Percent: 100)],
    };

    public IEnumerable<Command> Create()
    {
        var command = new Command("rollout", "Publish a proposal in waves that are compared with the other nodes");
        foreach (
            var verb in new[]
            {
                config.Verb(
                    "start",
                    "Start a rollout",
                    [_proposal, _waves, _bake, _acceptIdle, _reason],
                    StartAsync,
                    Root
                ),
                config.Verb("list", "List the rollouts, newest first", [_limit], ListAsync, Root),
                config.Verb("show", "Show a rollout and its evidence", [_number], ShowAsync, Root),
                Act("pause", "Stop a rollout where it is"),
                Act("resume", "Let a paused rollout go on"),
                Act("abort", "End a rollout and take its version back"),
            }
        )
            command.Subcommands.Add(verb);
        return [command];
    }

    private Command Act(string name, string description) =>
        config.Verb(
            name,
            description,
            [_number, _reason],
            async (parsed, client, cancellation) =>
            {
                var reason = ConfigCommand.Query("reason", parsed.GetValue(_reason)!);
                var address = $"/{parsed.GetValue(_number)}/{name}?{reason}";
                var type = RolloutJson.Default.Rollout;
                return Print(parsed, await client.ActAsync(HttpMethod.Post, address, null, type, cancellation));
            },
            Root
        );

    private async Task<int> StartAsync(ParseResult parsed, ConfigClient client, CancellationToken cancellation)
    {
        var request = new RolloutRequest(
            parsed.GetValue(_proposal),
            parsed.GetValue(_waves)!,
            (int)Math.Ceiling(parsed.GetValue(_bake).TotalSeconds),
            parsed.GetValue(_reason)!,
            parsed.GetValue(_acceptIdle)
        );
        using var body = JsonContent.Create(request, RolloutJson.Default.RolloutRequest);
        var type = RolloutJson.Default.Rollout;
        return Print(parsed, await client.ActAsync(HttpMethod.Post, "", null, type, cancellation, body));
    }

    private async Task<int> ListAsync(ParseResult parsed, ConfigClient client, CancellationToken cancellation)
    {
        var type = RolloutJson.Default.IReadOnlyListRollout;
        var rollouts = await client.GetAsync($"?limit={parsed.GetValue(_limit)}", type, cancellation);
        return config.Print(
            parsed,
            rollouts,
            type,
            all => all.Count == 0 ? "No rollout." : ConfigText.Lines(all.Select(Line))
        );
    }

    private async Task<int> ShowAsync(ParseResult parsed, ConfigClient client, CancellationToken cancellation)
    {
        var type = RolloutJson.Default.Rollout;
        return Print(parsed, await client.GetAsync($"/{parsed.GetValue(_number)}", type, cancellation));
    }

    private int Print(ParseResult parsed, Rollout rollout) =>
        config.Print(
            parsed,
            rollout,
            RolloutJson.Default.Rollout,
            one =>
                ConfigText.Lines([
                    Line(one),
                    .. one.Nodes.Select(node => $"  wave {node.Wave}: {node.Node}"),
                    .. one.Evidence.Select(evidence => $"  {evidence.Text}"),
                ])
        );

    private static string Line(Rollout rollout) =>
        string.Create(
            CultureInfo.InvariantCulture,
            $"{rollout.Number}  {rollout.StartedAt:u}  {rollout.State}, wave {rollout.Wave} of {rollout.Waves.Count}, version {rollout.Base} -> {rollout.Candidate}{(rollout.RestoredBy is { } restored ? $", taken back by {restored}" : "")}  {rollout.Author}  {rollout.Reason}"
        );

    private static RolloutWave[]? ParseWaves(ArgumentResult result)
    {
        var waves = new List<RolloutWave>();
        foreach (var token in result.Tokens)
            if (RolloutWave.TryParse(token.Value, out var wave))
                waves.Add(wave);
            else
                result.AddError(
                    $"--wave '{token.Value}' must be like 2, 50%, processor, processor:1 or processor:50%."
                );
        return [.. waves];
    }
}
