using System.CommandLine;
using System.Globalization;
using System.Text.Json;
using Veltrix.Cli.Platform;
using Veltrix.Configuration;

namespace Veltrix.Cli.Fleet;

/// <summary><c>veltrix fleet</c>: each node and how it stands to the version in force.</summary>
internal sealed class FleetCommand
{
    private static readonly TimeSpan RequestTimeout = TimeSpan.FromSeconds(10);
    private readonly Option<bool> _json = Options.Json();

    public Command Create(PlatformOptions platform, CliContext context)
    {
        var command = new Command(
            "fleet",
            "Show each node: current, lagging, drifted, refusing or silent; exits with 1 unless all are current"
        )
        {
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
                using var response = await client.GetAsync("/fleet", cancellation);
                var body = await response.Content.ReadAsByteArrayAsync(cancellation);
                if (!response.IsSuccessStatusCode)
                    throw Http.Refused(client.BaseAddress, (int)response.StatusCode, body);
                var fleet = JsonSerializer.Deserialize(body, ConfigurationJson.Default.IReadOnlyListFleetNode)!;
                if (parsed.GetValue(_json))
                    context.Out.WriteLine(
                        JsonSerializer.Serialize(fleet, ConfigurationJson.Default.IReadOnlyListFleetNode)
                    );
                else
                    Write(context, fleet);
                return fleet.All(node => node.Condition == NodeCondition.Current)
                    ? ExitCode.Success
                    : ExitCode.BadResult;
            }
        );
        return command;
    }

    private static void Write(CliContext context, IReadOnlyList<FleetNode> fleet)
    {
        if (fleet.Count == 0)
        {
            context.Out.WriteLine("No node has reported within ten minutes.");
            return;
        }
        // Plain columns: the detail is a sentence, and a terminal or a pipe may be of any width.
        var name = fleet.Max(node => node.Node.Length);
        foreach (var node in fleet)
            context.Out.WriteLine(
                string.Create(
                    CultureInfo.InvariantCulture,
                    $"{node.Node.PadRight(name)}  {node.Condition, -8}  since {node.Since.UtcDateTime:HH:mm:ss} UTC  {node.Detail}"
                )
            );
    }
}
