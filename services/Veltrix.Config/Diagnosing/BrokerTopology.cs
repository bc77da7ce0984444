using Confluent.Kafka;
using Veltrix.Config.Nodes;
using Veltrix.Configuration.Diagnoses;
using Veltrix.Kafka;
using Veltrix.ServiceDefaults;

namespace Veltrix.Config.Diagnosing;

/// <summary>
/// What the doctor is told about the running brokers: topics, partitions, copies. Read beside all requests, so that an
/// absent broker never holds up a publication; then the doctor says that it did not look.
/// </summary>
public sealed partial class BrokerTopology(IServiceProvider services, TimeProvider time, ILogger<BrokerTopology> logger)
    : SteadyService(time, logger)
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(15);
    private static readonly TimeSpan RetryInterval = TimeSpan.FromSeconds(2);

    private volatile Topology? _latest;

    /// <summary>What was read last, and what processors say that they handle; null when nothing is known of the brokers, or not any more.</summary>
    public Topology? Latest =>
        _latest is { } latest
            ? latest with
            {
                HandledTypes = services.GetRequiredService<NodeRegistry>().HandledTypes(),
            }
            : null;

    protected override async Task RunAsync(CancellationToken stoppingToken)
    {
        if (services.GetService<IServiceProviderIsService>()?.IsService(typeof(IProducer<Null, Null>)) != true)
        {
            Log.NoConnection(logger);
            return;
        }
        var isAway = false;
        while (!stoppingToken.IsCancellationRequested)
        {
            try
            {
                // The client library blocks; a reading costs it a connection and a thread for a moment.
                _latest = await Task.Run(ReadAsync, stoppingToken);
                isAway = false;
            }
            // Whatever it is, down to an absent client library: versions are published without this, too.
            catch (Exception failure) when (!stoppingToken.IsCancellationRequested)
            {
                if (!isAway)
                    Log.Away(logger, failure.GetBaseException().Message);
                isAway = true;
                _latest = null;
            }
            await Task.Delay(_latest is null ? RetryInterval : Interval, time, stoppingToken)
                .ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    private async Task<Topology> ReadAsync()
    {
        // Made for each reading: a dependent admin client of Confluent.Kafka 1.9 keeps half a core busy while it lives.
        using var admin = new DependentAdminClientBuilder(
            services.GetRequiredService<IProducer<Null, Null>>().Handle
        ).Build();
        return await admin.ReadTopologyAsync(Patience);
    }

    private static partial class Log
    {
        [LoggerMessage(
            1,
            LogLevel.Information,
            "No connection string for kafka: the doctor takes topics to be as configured"
        )]
        public static partial void NoConnection(ILogger logger);

        [LoggerMessage(2, LogLevel.Warning, "The brokers cannot be looked at now: {Reason}")]
        public static partial void Away(ILogger logger, string reason);
    }
}
