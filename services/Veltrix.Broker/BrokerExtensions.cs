using Microsoft.Extensions.Options;
using Veltrix.Broker.Network;
using Veltrix.ServiceDefaults;

namespace Veltrix.Broker;

/// <summary>Puts the broker into a host.</summary>
internal static class BrokerExtensions
{
    public static void AddBroker(this WebApplicationBuilder builder)
    {
        builder.Services.AddOptions<BrokerOptions>().BindConfiguration(BrokerOptions.Section).ValidateOnStart();
        builder.Services.AddSingleton<IValidateOptions<BrokerOptions>, BrokerOptionsValidator>();
        builder.Services.AddSingleton<BrokerMetrics>();
        builder.Services.AddSingleton<BrokerNode>();
        builder.Services.AddSingleton<KafkaServer>();
        // Hosted services stop in reverse: clients first, housekeeping after them, the node's files with the container.
        builder.Services.AddHostedService<Housekeeping>();
        builder.Services.AddHostedService(services => services.GetRequiredService<KafkaServer>());
        builder.Services.AddHealthChecks().AddCheck<BrokerHealthCheck>("kafka");
    }

    /// <summary>What the broker holds, each beside its limit.</summary>
    public static void ObserveBroker(this BrokerNode node, KafkaServer server)
    {
        var (metrics, options) = (node.Metrics, node.Options);
        metrics.ObserveLimited(
            TelemetryNames.BrokerConnections,
            "{connection}",
            "Open connections of clients.",
            () => server.ConnectionCount,
            options.MaximumConnections
        );
        metrics.ObserveLimited(
            TelemetryNames.BrokerRequestBytesInFlight,
            "By",
            "Bytes of requests in memory.",
            () => server.RequestBytesInFlight,
            options.MaximumBytesInFlight
        );
        metrics.ObserveLimited(
            TelemetryNames.BrokerLargestRequest,
            "By",
            "The largest request so far.",
            () => metrics.LargestRequestBytes,
            options.MaximumRequestBytes
        );
        metrics.ObserveLimited(
            TelemetryNames.BrokerTopics,
            "{topic}",
            "Topics.",
            () => node.Topics.Count,
            options.MaximumTopics
        );
        metrics.ObserveLimited(
            TelemetryNames.BrokerPartitions,
            "{partition}",
            "Partitions of all topics.",
            () => node.Topics.PartitionCount,
            options.MaximumPartitions
        );
        metrics.ObserveLimited(
            TelemetryNames.BrokerGroups,
            "{group}",
            "Consumer groups.",
            () => node.Groups.Count,
            options.MaximumGroups
        );
        metrics.ObserveLimited(
            TelemetryNames.BrokerGroupMembers,
            "{member}",
            "Members of the largest consumer group.",
            () => node.Groups.LargestMemberCount,
            options.MaximumGroupMembers
        );
        metrics.ObserveLimited(
            TelemetryNames.BrokerTransactionalIds,
            "{id}",
            "Transactional ids that are known.",
            () => node.Transactions.Count,
            options.MaximumTransactionalIds
        );
        metrics.Observe(
            TelemetryNames.BrokerOpenTransactions,
            "{transaction}",
            "Transactions that have begun and not ended.",
            () => node.Transactions.OpenCount
        );
    }
}
