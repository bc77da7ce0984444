using Confluent.Kafka;
using Veltrix.Configuration;

namespace Veltrix.Config.Diagnosing;

/// <summary>The doctor's eyes.</summary>
internal static class DiagnosisExtensions
{
    /// <summary>
    /// Registers <see cref="BrokerTopology"/>, and where a connection string says where Kafka is, a client that reads and
    /// never writes. Kafka is no condition for this service's health: it must publish while brokers are away.
    /// </summary>
    public static void AddDiagnoses(this IHostApplicationBuilder builder)
    {
        if (builder.Configuration.GetConnectionString(ClusterConfiguration.Served) is { Length: > 0 })
            builder.AddKafkaProducer<Null, Null>(
                ClusterConfiguration.Served,
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
