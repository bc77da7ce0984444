using Confluent.Kafka;
using Veltrix.Configuration;
using Veltrix.Kafka;
using Veltrix.ServiceDefaults.Configuration;

namespace Veltrix.Processor.Consuming;

/// <summary>The topics of the published configuration on the brokers.</summary>
internal sealed partial class KafkaTopics(
    IConfiguration configuration,
    IPlatformConfiguration platform,
    TimeProvider time,
    ILogger<KafkaTopics> logger
)
{
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

    /// <summary>Where the cluster is.</summary>
    public string BootstrapServers { get; } =
        configuration.GetConnectionString(ClusterConfiguration.Served)
        ?? throw new InvalidOperationException($"ConnectionStrings:{ClusterConfiguration.Served} is missing.");

    /// <summary>
    /// Creates the topics that are missing, for as long as it takes Kafka to come up. One that Kafka refuses is left to
    /// ingest, which goes on trying: it must keep nobody from reading the others.
    /// </summary>
    public async Task EnsureAsync(CancellationToken cancellation)
    {
        await platform.WaitAsync(cancellation);
        await UntilKafkaAnswersAsync(CreateMissingAsync, cancellation);
    }

    /// <summary>Names of the configured topics that <paramref name="group"/> has committed offsets of, as soon as Kafka tells.</summary>
    public Task<IReadOnlyCollection<string>> ReadBeforeAsync(string group, CancellationToken cancellation) =>
        UntilKafkaAnswersAsync(() => Task.FromResult(ReadBefore(group)), cancellation);

    private async Task<T> UntilKafkaAnswersAsync<T>(Func<Task<T>> ask, CancellationToken cancellation)
    {
        while (true)
        {
            try
            {
                // The client library blocks.
                return await Task.Run(ask, cancellation);
            }
            catch (KafkaException failure)
            {
                Log.Waiting(logger, failure.Error.Reason);
            }
            await Task.Delay(Pause, time, cancellation);
        }
    }

    // Asked anew for each attempt: a later version may have mended what Kafka refused.
    private IEnumerable<TopicConfiguration> Wanted() =>
        platform.Current.Configuration.TopicsOn(ClusterConfiguration.Served);

    private async Task<TopicCreation> CreateMissingAsync()
    {
        using var admin = new AdminClientBuilder(new AdminClientConfig { BootstrapServers = BootstrapServers })
            .SetLogHandler((_, entry) => Log.Library(logger, entry.Facility, entry.Message))
            .SetErrorHandler((_, error) => Log.Library(logger, error.Code.ToString(), error.Reason))
            .Build();
        var creation = await admin.CreateMissingAsync([.. Wanted()], Patience);
        if (creation.Created.Count > 0)
            Log.Created(logger, string.Join(", ", creation.Created));
        foreach (var (topic, error) in creation.Refused)
            Log.Refused(logger, topic, error.Code, error.Reason);
        return creation;
    }

    private IReadOnlyCollection<string> ReadBefore(string group)
    {
        // Never subscribes, so it does not join the group.
        var settings = new ConsumerConfig { BootstrapServers = BootstrapServers, GroupId = group };
        using var consumer = new ConsumerBuilder<Ignore, Ignore>(settings)
            .SetLogHandler((_, entry) => Log.Library(logger, entry.Facility, entry.Message))
            .SetErrorHandler((_, error) => Log.Library(logger, error.Code.ToString(), error.Reason))
            .Build();
        using var admin = new DependentAdminClientBuilder(consumer.Handle).Build();
        var wanted = Wanted().Select(topic => topic.Name).ToHashSet(StringComparer.Ordinal);
        var partitions = admin
            .GetMetadata(Patience)
            .Topics.Where(topic => wanted.Contains(topic.Topic))
            .SelectMany(topic =>
                topic.Partitions.Select(partition => new TopicPartition(topic.Topic, partition.PartitionId))
            );
        return
        [
            .. consumer
                .Committed(partitions, Patience)
                .Where(committed => committed.Offset != Offset.Unset)
                .Select(committed => committed.Topic)
                .Distinct(StringComparer.Ordinal),
        ];
    }

    private static partial class Log
    {
        [LoggerMessage(1, LogLevel.Warning, "Kafka's topics could not be ensured yet: {Reason}")]
        public static partial void Waiting(ILogger logger, string reason);

        [LoggerMessage(2, LogLevel.Information, "Created the topics {Topics}")]
        public static partial void Created(ILogger logger, string topics);

        [LoggerMessage(3, LogLevel.Debug, "{Facility}: {Message}")]
        public static partial void Library(ILogger logger, string facility, string message);

        [LoggerMessage(4, LogLevel.Error, "Topic {Topic} could not be created: {Code} {Reason}; the others are read")]
        public static partial void Refused(ILogger logger, string topic, ErrorCode code, string reason);
    }
}
