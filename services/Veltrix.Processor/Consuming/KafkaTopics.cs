using Confluent.Kafka;
using Confluent.Kafka.Admin;
using Veltrix.Configuration;
using Veltrix.ServiceDefaults.Configuration;
using Veltrix.ServiceDefaults.Kafka;

namespace Veltrix.Processor.Consuming;

/// <summary>The topics of the published configuration.</summary>
internal sealed partial class KafkaTopics(
    IConfiguration configuration,
    IPlatformConfiguration platform,
    TimeProvider time,
    ILogger<KafkaTopics> logger
)
{
    private const string ConnectionName = "kafka";
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

    /// <summary>Where the cluster is.</summary>
    public string BootstrapServers { get; } =
        configuration.GetConnectionString(ConnectionName)
        ?? throw new InvalidOperationException($"ConnectionStrings:{ConnectionName} is missing.");

    /// <summary>Creates the topics that are missing, for as long as it takes Kafka to come up.</summary>
    public async Task EnsureAsync(CancellationToken cancellation)
    {
        var wanted = (await platform.WaitAsync(cancellation)).Configuration.TopicsOn(ConnectionName).ToList();
        while (true)
        {
            try
            {
                await Task.Run(() => CreateMissingAsync(wanted), cancellation);
                return;
            }
            catch (KafkaException failure)
            {
                Log.Waiting(logger, failure.Error.Reason);
            }
            await Task.Delay(Pause, time, cancellation);
        }
    }

    /// <summary>The topics of this cluster that may carry an event of <paramref name="types"/>, in the order of the alphabet.</summary>
    /// <param name="configuration">What routes types to topics.</param>
    /// <param name="types">Types, or prefixes that end with <c>.*</c>.</param>
    public static IReadOnlyList<string> Of(PlatformConfiguration configuration, IReadOnlyList<string> types)
    {
        var here = configuration.TopicsOn(ConnectionName).Select(topic => topic.Name).ToHashSet(StringComparer.Ordinal);
        return
        [
            .. configuration
                .EventTypes.Where(routed => types.Any(type => Overlap(routed.Type, type)))
                .Select(routed => routed.Topic)
                .Where(here.Contains)
                .Distinct(StringComparer.Ordinal)
                .Order(StringComparer.Ordinal),
        ];
    }

    private static bool Overlap(string one, string other) => Covers(one, other) || Covers(other, one);

    private static bool Covers(string pattern, string type) =>
        new EventTypeConfiguration(pattern, "").Matches(
            type.EndsWith(".*", StringComparison.Ordinal) ? type[..^1] : type
        );

    private async Task CreateMissingAsync(IReadOnlyList<TopicConfiguration> wanted)
    {
        using var admin = new AdminClientBuilder(new AdminClientConfig { BootstrapServers = BootstrapServers })
            .SetLogHandler((_, entry) => Log.Library(logger, entry.Facility, entry.Message))
            .SetErrorHandler((_, error) => Log.Library(logger, error.Code.ToString(), error.Reason))
            .Build();
        var present = admin.GetMetadata(Patience).Topics.Select(topic => topic.Topic).ToHashSet(StringComparer.Ordinal);
        var missing = wanted.Where(topic => !present.Contains(topic.Name)).ToList();
        if (missing.Count == 0)
            return;
        try
        {
            await admin.CreateTopicsAsync(missing.Select(topic => topic.ToSpecification()));
            Log.Created(logger, string.Join(", ", missing.Select(topic => topic.Name)));
        }
        catch (CreateTopicsException failure)
            when (failure.Results.TrueForAll(result =>
                    !result.Error.IsError || result.Error.Code == ErrorCode.TopicAlreadyExists
                )
            )
        {
            // Ingest or another replica was faster.
        }
    }

    private static partial class Log
    {
        [LoggerMessage(1, LogLevel.Warning, "Kafka's topics could not be ensured yet: {Reason}")]
        public static partial void Waiting(ILogger logger, string reason);

        [LoggerMessage(2, LogLevel.Information, "Created the topics {Topics}")]
        public static partial void Created(ILogger logger, string topics);

        [LoggerMessage(3, LogLevel.Debug, "{Facility}: {Message}")]
        public static partial void Library(ILogger logger, string facility, string message);
    }
}
