using System.Diagnostics;
using System.Globalization;
using Aspire.Hosting.Orchestration;

namespace Veltrix.Testing;

/// <summary>One node of a real Apache Kafka, as the distribution's script starts it.</summary>
/// <param name="script">The script.</param>
/// <param name="portForUsers">Where it listens to clients that say who they are, too.</param>
internal sealed class ApacheKafkaServer(string script, int portForUsers) : LocalServer
{
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
            Environment = new Dictionary<string, string?>
            {
                ["KAFKA_HEAP"] = "384m",
                ["KAFKA_SETTINGS"] = string.Join(' ', Settings(context.Port)),
            },
        };
        return Task.FromResult(specification);
    }

    /// <summary>What follows the script's own settings, and so counts where it has them, too.</summary>
    private string[] Settings(int port)
    {
        var listeners = $"SASL_PLAINTEXT://127.0.0.1:{portForUsers},PLAINTEXT://127.0.0.1:{port}";
        // The script takes words; a properties file reads the spaces again.
        const string module = """org.apache.kafka.common.security.plain.PlainLoginModule\u0020required""";
        return
        [
            // Where our broker's defaults are others: what follows from them is no difference.
            "auto.create.topics.enable=false",
            "num.partitions=6",
            $"listeners={listeners},CONTROLLER://127.0.0.1:{port + 1}",
            $"advertised.listeners={listeners}",
            "listener.security.protocol.map=CONTROLLER:PLAINTEXT,PLAINTEXT:PLAINTEXT,SASL_PLAINTEXT:SASL_PLAINTEXT",
            "sasl.enabled.mechanisms=PLAIN",
            $"""listener.name.sasl_plaintext.plain.sasl.jaas.config={module}\u0020user_{Servers.KafkaUser}="{Servers.Password}";""",
        ];
    }

    public override Task<bool> ProbeAsync(LocalServerContext context, CancellationToken cancellation) =>
        _protocol.ProbeAsync(context, cancellation);
}
