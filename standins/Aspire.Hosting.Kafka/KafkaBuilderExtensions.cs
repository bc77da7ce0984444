using Aspire.Hosting.ApplicationModel;
using Aspire.Hosting.Orchestration;

namespace Aspire.Hosting;

public static class KafkaBuilderExtensions
{
    private const int BrokerPort = 9092;
    private const int InternalBrokerPort = 9093;
    private const string DataDirectory = "/var/lib/kafka/data";

    public static IResourceBuilder<KafkaServerResource> AddKafka(
        this IDistributedApplicationBuilder builder,
        string name,
        int? port = null
    )
    {
        var kafka = builder
            .AddResource(new KafkaServerResource(name))
            .WithEndpoint(port: port, targetPort: BrokerPort, name: KafkaServerResource.PrimaryEndpointName)
            .WithEndpoint(targetPort: InternalBrokerPort, name: KafkaServerResource.InternalEndpointName)
            .WithImage("confluentinc/confluent-local", "8.2.0")
            .WithImageRegistry("docker.io")
            .WithHealthCheck($"{name}_check");
        return kafka
            .WithEnvironment(context => SetListeners(context.EnvironmentVariables, kafka.Resource))
            .WithAnnotation<LocalServer>(new BrokerServer(() => BrokerProject(builder)));
    }

    public static IResourceBuilder<KafkaServerResource> WithDataVolume(
        this IResourceBuilder<KafkaServerResource> builder,
        string? name = null,
        bool isReadOnly = false
    ) =>
        builder
            .WithEnvironment("KAFKA_LOG_DIRS", DataDirectory)
            .WithVolume(name ?? VolumeNameGenerator.Generate(builder, "data"), DataDirectory, isReadOnly);

    /// <summary>What speaks Kafka's protocol where no container runs: a project that the configuration names.</summary>
    private static string BrokerProject(IDistributedApplicationBuilder builder) =>
        builder.Configuration["StandIns:Kafka:Project"] is { Length: > 0 } project
            ? Path.GetFullPath(project, builder.AppHostDirectory)
            : throw new DistributedApplicationException(
                "StandIns:Kafka:Project names no project: set it to the broker's project file, or set ConnectionStrings:kafka."
            );

    // The image's own listeners (29092, 29093) and two more: one for the world outside, one for neighbouring containers.
    private static void SetListeners(Dictionary<string, object> variables, KafkaServerResource kafka)
    {
        variables["KAFKA_LISTENERS"] =
            $"PLAINTEXT://localhost:29092,CONTROLLER://localhost:29093,PLAINTEXT_HOST://0.0.0.0:{BrokerPort},PLAINTEXT_INTERNAL://0.0.0.0:{InternalBrokerPort}";
        variables["KAFKA_LISTENER_SECURITY_PROTOCOL_MAP"] =
            "CONTROLLER:PLAINTEXT,PLAINTEXT:PLAINTEXT,PLAINTEXT_HOST:PLAINTEXT,PLAINTEXT_INTERNAL:PLAINTEXT";
        variables["KAFKA_ADVERTISED_LISTENERS"] = ReferenceExpression.Create(
            $"PLAINTEXT://{kafka.Host}:29092,PLAINTEXT_HOST://{kafka.PrimaryEndpoint.Property(EndpointProperty.HostAndPort)},PLAINTEXT_INTERNAL://{kafka.InternalEndpoint.Property(EndpointProperty.HostAndPort)}"
        );
    }
}
