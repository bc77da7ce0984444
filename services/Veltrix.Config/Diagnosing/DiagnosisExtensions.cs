using Confluent.Kafka;

namespace Veltrix.Config.Diagnosing;

/// <summary>The doctor's eyes.</summary>
internal static class DiagnosisExtensions
{
    private const string Connection = "kafka";

    /// <summary>
    /// Registers <see cref="BrokerTopology"/>, and where a connection string says where Kafka is, a client that reads and
    /// never writes. Kafka is no condition for this service's health: it must publish while brokers are away.
    /// </summary>
    public static void AddDiagnoses(this IHostApplicationBuilder builder)
    {
        if (builder.Configuration.GetConnectionString(Connection) is { Length: > 0 })
            builder.AddKafkaProducer<Null, Null>(
                Connection,
                settings =>
                {
                    settings.DisableHealthChecks = true;
                    settings.DisableMetrics = true;
                }
            );
        builder.Services.AddSingleton<BrokerTopology>();
        builder.Services.AddHostedService(services => services.GetRequiredService<BrokerTopology>());
    }
}
