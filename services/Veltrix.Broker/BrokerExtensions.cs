using Microsoft.Extensions.Options;
using Veltrix.Broker.Network;
using Veltrix.Broker.Transactions;
using Veltrix.ServiceDefaults;

namespace Veltrix.Broker;

/// <summary>Puts the broker into a host.</summary>
internal static class BrokerExtensions
{
    public static void AddBroker(this WebApplicationBuilder builder)
    {
        builder.Services.AddOptions<BrokerOptions>().BindConfiguration(BrokerOptions.Section).ValidateOnStart();
        builder.Services.AddSingleton<IValidateOptions<BrokerOptions>, BrokerOptionsValidator>();
        builder.Services.AddSingleton(TimeProvider.System);
        builder.Services.AddSingleton<BrokerMetrics>();
        builder.Services.AddSingleton<BrokerNode>();
        builder.Services.AddSingleton<KafkaServer>();
        // Hosted services stop in reverse: clients first, housekeeping after them, the node's files with the container.
        builder.Services.AddHostedService<Housekeeping>();
        builder.Services.AddHostedService<TransactionKeeper>();
        builder.Services.AddHostedService(services => services.GetRequiredService<KafkaServer>());
        builder.Services.AddHealthChecks().AddCheck<BrokerHealthCheck>("kafka");
        builder.Services.Configure<HostOptions>(options => options.ShutdownTimeout = TimeSpan.FromSeconds(3));
    }

    public static void ObserveBroker(this BrokerNode node)
    {
        node.Metrics.Observe(
            TelemetryNames.BrokerPartitions,
            "{partition}",
            "Partitions of all topics.",
            () => node.Topics.PartitionCount
        );
        node.Metrics.Observe(
            TelemetryNames.BrokerGroupMembers,
            "{member}",
            "Members of all consumer groups.",
            () => node.Groups.MemberCount
        );
    }
}
