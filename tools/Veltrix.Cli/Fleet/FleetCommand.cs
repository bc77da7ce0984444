using System.CommandLine;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Veltrix.Cli.Output;
using Veltrix.Cli.Platform;
using Veltrix.Configuration;

namespace Veltrix.Cli.Fleet;

/// <summary><c>veltrix fleet [NODE]</c>: each node and how it stands to the version in force, or one node and what it did.</summary>
internal sealed class FleetCommand
{
    private const int Minutes = 10;
    private static readonly TimeSpan RequestTimeout = TimeSpan.FromSeconds(10);

    private readonly Argument<string?> _node = new("node")
    {
        Description = "Show this node alone, with its last ten minutes",
        Arity = ArgumentArity.ZeroOrOne,
    };
    private readonly Option<bool> _json = Options.Json();

    public Command Create(PlatformOptions platform, CliContext context)
    {
        var command = new Command(
            "fleet",
            "Show each node: current, lagging, drifted, refusing or silent; exits with 1 unless all are current"
        )
        {
            _node,
            _json,
        };
        command.SetAction(
            async (parsed, cancellation) =>
            {
                var connection = platform.Connect(parsed, context);
                using var client = Http.Client(
                    connection.Config,
                    connection.OperatorKey,
                    connections: 1,
                    RequestTimeout
                );
                var isJson = parsed.GetValue(_json);
                return parsed.GetValue(_node) is { } node
                    ? await ShowAsync(client, node, isJson, context, cancellation)
                    : await ListAsync(client, isJson, context, cancellation);
            }
        );
        return command;
    }

    private static async Task<int> ListAsync(
        HttpClient client,
        bool isJson,
        CliContext context,
        CancellationToken cancellation
    )
    {
        var type = ConfigurationJson.Default.IReadOnlyListFleetNode;
        var fleet = await GetAsync(client, "/fleet", type, cancellation);
        if (isJson)
            context.Out.WriteLine(JsonSerializer.Serialize(fleet, type));
        else
            FleetText.Write(context.Out, fleet);
        return ExitCodeOf(fleet);
    }

    private static async Task<int> ShowAsync(
        HttpClient client,
        string node,
        bool isJson,
        CliContext context,
        CancellationToken cancellation
    )
    {
        var address = $"/fleet/{Uri.EscapeDataString(node)}";
        var known = await GetAsync(client, address, ConfigurationJson.Default.FleetNode, cancellation);
        var minutes = await GetAsync(
            client,
            $"{address}/history?limit={Minutes}",
            ConfigurationJson.Default.IReadOnlyListNodeMinute,
            cancellation
        );
        var detail = new NodeDetail(known, minutes);
        if (isJson)
            context.Out.WriteLine(JsonSerializer.Serialize(detail, CliJson.Default.NodeDetail));
        else
            FleetText.Write(context.Out, detail);
        return ExitCodeOf([known]);
    }

    private static async Task<T> GetAsync<T>(
        HttpClient client,
        string address,
        JsonTypeInfo<T> type,
        CancellationToken cancellation
    )
    {
        using var response = await client.GetAsync(address, cancellation);
        var body = await response.Content.ReadAsByteArrayAsync(cancellation);
        if (!response.IsSuccessStatusCode)
            throw Http.Refused(client.BaseAddress, (int)response.StatusCode, body);
        return JsonSerializer.Deserialize(body, type)!;
    }

    private static int ExitCodeOf(IReadOnlyList<FleetNode> fleet) =>
        fleet.All(node => node.Condition == NodeCondition.Current) ? ExitCode.Success : ExitCode.BadResult;
}
