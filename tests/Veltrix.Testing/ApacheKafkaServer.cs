using System.Diagnostics;
using System.Globalization;
using Aspire.Hosting.Orchestration;

namespace Veltrix.Testing;

/// <summary>One node of a real Apache Kafka, as the distribution's script starts it.</summary>
/// <param name="script">The script.</param>
internal sealed class ApacheKafkaServer(string script) : LocalServer
{
    /// <summary>Where our broker's defaults are others, so that what follows from them is not taken for a difference.</summary>
    private const string OurDefaults = "auto.create.topics.enable=false num.partitions=6";

    private readonly BrokerServer _protocol = new(() => throw new UnreachableException("Only its probe is used."));

    public override int DefaultPort => 19092;

    /// <summary>The script returns once the node answers; what is started here stays until the node ends, and ends it.</summary>
    public override Task<ProcessSpecification> PrepareAsync(LocalServerContext context, CancellationToken cancellation)
    {
        const string run = """
            trap 'bash "$0" stop --dir "$1"' TERM INT
            bash "$0" start --port "$2" --dir "$1" || exit 1
            tail --pid="$(cat "$1/node-1/pid")" -f /dev/null & wait
            """;
        var data = Path.Combine(context.DataDirectory, context.Name);
        var port = context.Port.ToString(CultureInfo.InvariantCulture);
        var specification = new ProcessSpecification("bash", ["-c", run, script, data, port])
        {
            WorkingDirectory = context.DataDirectory,
            Environment = new Dictionary<string, string?> { ["KAFKA_HEAP"] = "384m", ["KAFKA_SETTINGS"] = OurDefaults },
        };
        return Task.FromResult(specification);
    }

    public override Task<bool> ProbeAsync(LocalServerContext context, CancellationToken cancellation) =>
        _protocol.ProbeAsync(context, cancellation);
}
