using System.Diagnostics;
using Aspire.Hosting.Orchestration;

namespace Veltrix.Testing;

/// <summary>One node of a real Apache Kafka that all tests of a process share.</summary>
/// <param name="kafka">What it runs.</param>
/// <param name="portForUsers">Where it listens to clients that say who they are, too.</param>
internal sealed class ApacheKafkaServer(KafkaDistribution kafka, int portForUsers) : LocalServer
{
    private readonly BrokerServer _protocol = new(() => throw new UnreachableException("Only its probe is used."));

    public override int DefaultPort => 19092;

    public override async Task<ProcessSpecification> PrepareAsync(
        LocalServerContext context,
        CancellationToken cancellation
    )
    {
        var node = new KafkaNode(1, context.Port, Ports.Free());
        var data = Path.Combine(context.DataDirectory, context.Name);
        var arguments = await node.FormatAsync(kafka, data, [node], Settings(node), cancellation);
        return new ProcessSpecification("java", arguments) { WorkingDirectory = data };
    }

    public override Task<bool> ProbeAsync(LocalServerContext context, CancellationToken cancellation) =>
        _protocol.ProbeAsync(context, cancellation);

    private string[] Settings(KafkaNode node)
    {
        var listeners = $"SASL_PLAINTEXT://127.0.0.1:{portForUsers},PLAINTEXT://{node.Address}";
        const string module = "org.apache.kafka.common.security.plain.PlainLoginModule required";
        return
        [
            // Where our broker's defaults are others: what follows from them is no difference.
            "auto.create.topics.enable=false",
            "num.partitions=6",
            $"listeners={listeners},CONTROLLER://{node.Controller}",
            $"advertised.listeners={listeners}",
            "sasl.enabled.mechanisms=PLAIN",
            $"""listener.name.sasl_plaintext.plain.sasl.jaas.config={module} user_{Servers.KafkaUser}="{Servers.Password}";""",
        ];
    }
}
