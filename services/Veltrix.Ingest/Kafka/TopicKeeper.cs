using System.Collections.Frozen;
using Confluent.Kafka;
using Confluent.Kafka.Admin;
using Veltrix.Configuration;
using Veltrix.Kafka;
using Veltrix.ServiceDefaults;
using Veltrix.ServiceDefaults.Configuration;

namespace Veltrix.Ingest.Kafka;

/// <summary>
/// Creates the topics of the configuration where they are missing: at start, on each new version and when one turns out
/// to be gone. Each new version's settings are given to topics that are there, too. Nothing is produced to a topic before it is known to exist, because a broker might make it by itself, with
/// another number of partitions.
/// </summary>
internal sealed partial class TopicKeeper(
    IPlatformConfiguration configuration,
    IProducer<byte[], byte[]?> producer,
    TimeProvider clock,
    ILogger<TopicKeeper> logger
) : SteadyService(clock, logger)
{
    // A dependent admin client of Confluent.Kafka 1.9 keeps half a core busy for as long as it lives: short attempts.
    private static readonly TimeSpan RequestLimit = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan FirstDelay = TimeSpan.FromMilliseconds(250);
    private static readonly TimeSpan LongestDelay = TimeSpan.FromSeconds(2);

    // Never disposed: reports of the client library may still come while the process ends.
    private readonly SemaphoreSlim _work = new(0, 1);
    private readonly Lock _gate = new();
    private readonly HashSet<string> _suspects = [];
    private volatile FrozenSet<string> _ready = [];
    private ConfigurationVersion? _settled;

    /// <summary>Whether records may go to <paramref name="topic"/>.</summary>
    public bool IsReady(string topic) => _ready.Contains(topic);

    /// <summary>Topics that <paramref name="current"/> wants on the cluster that this node writes to.</summary>
    public static IEnumerable<TopicConfiguration> TopicsOf(PlatformConfiguration current) =>
        current.TopicsOn(ClusterConfiguration.Served);

    /// <summary>
    /// A record for <paramref name="topic"/> failed: look whether it still exists. When a broker already said no, nothing
    /// more is sent before it does; when only time ran out, the client library goes on trying meanwhile, and delivers as
    /// soon as the broker is back.
    /// </summary>
    public void Suspect(string topic, bool isMissing)
    {
        lock (_gate)
            _suspects.Add(topic);
        if (isMissing)
            Remove([topic]);
        Wake();
    }

    protected override async Task RunAsync(CancellationToken stoppingToken)
    {
        void OnChanged(ConfigurationVersion version) => Wake();
        configuration.Changed += OnChanged;
        try
        {
            await configuration.WaitAsync(stoppingToken);
            var delay = FirstDelay;
            while (true)
            {
                var version = configuration.Current;
                Keep(TopicsOf(version.Configuration));
                var isComplete =
                    await EnsureAsync(version.Configuration, stoppingToken) & await SettleAsync(version, stoppingToken);
                delay = isComplete ? FirstDelay : TimeSpan.FromTicks(Math.Min(delay.Ticks * 2, LongestDelay.Ticks));
                await WaitForWorkAsync(isComplete ? Timeout.InfiniteTimeSpan : delay, stoppingToken);
            }
        }
        finally
        {
            configuration.Changed -= OnChanged;
        }
    }

    /// <returns>Whether all topics exist now.</returns>
    private async Task<bool> EnsureAsync(PlatformConfiguration current, CancellationToken cancellation)
    {
        string[] suspects;
        lock (_gate)
        {
            suspects = [.. _suspects];
            _suspects.Clear();
        }
        var missing = TopicsOf(current)
            .Where(topic => !IsReady(topic.Name) || suspects.Contains(topic.Name, StringComparer.Ordinal))
            .ToList();
        if (missing.Count == 0)
            return true;

        using var admin = new DependentAdminClientBuilder(producer.Handle).Build();
        try
        {
            var creation = await admin
                .CreateMissingAsync(missing, RequestLimit)
                .WaitAsync(RequestLimit * 2, clock, cancellation);
            Add([.. creation.There]);
            if (creation.Created.Count > 0)
                Log.Created(logger, string.Join(", ", creation.Created));
            foreach (var (topic, refusal) in creation.Refused)
                Log.Refused(logger, topic, refusal.Code, refusal.Reason);
            return creation.Refused.Count == 0;
        }
        catch (Exception error) when (error is KafkaException or TimeoutException)
        {
            lock (_gate)
                _suspects.UnionWith(suspects);
            Log.Away(logger, error.Message);
            return false;
        }
    }

    /// <returns>Whether the topics that exist have the settings of <paramref name="version"/>.</returns>
    private async Task<bool> SettleAsync(ConfigurationVersion version, CancellationToken cancellation)
    {
        if (ReferenceEquals(version, _settled))
            return true;
        var all = TopicsOf(version.Configuration).ToList();
        var present = all.FindAll(topic => IsReady(topic.Name));
        using var admin = new DependentAdminClientBuilder(producer.Handle).Build();
        try
        {
            var altered = await admin
                .AlterSettingsAsync(present, RequestLimit)
                .WaitAsync(RequestLimit * 3, clock, cancellation);
            if (altered.Count > 0)
                Log.Altered(logger, version.Number, string.Join(", ", altered));
        }
        catch (Exception error) when (error is KafkaException or TimeoutException)
        {
            Log.Unaltered(logger, version.Number, error.Message);
            return false;
        }
        if (present.Count == all.Count)
            _settled = version;
        return true;
    }

    private void Add(IReadOnlyList<string> topics)
    {
        lock (_gate)
            _ready = _ready.Concat(topics).ToFrozenSet(StringComparer.Ordinal);
    }

    /// <summary>A topic that moved to another cluster is not ready there because it was here.</summary>
    private void Keep(IEnumerable<TopicConfiguration> topics)
    {
        lock (_gate)
            _ready = _ready
                .Intersect(topics.Select(topic => topic.Name), StringComparer.Ordinal)
                .ToFrozenSet(StringComparer.Ordinal);
    }

    private void Remove(IReadOnlyList<string> topics)
    {
        lock (_gate)
            _ready = _ready.Except(topics).ToFrozenSet(StringComparer.Ordinal);
    }

    private void Wake()
    {
        lock (_gate)
        {
            if (_work.CurrentCount == 0)
                _work.Release();
        }
    }

    private async Task WaitForWorkAsync(TimeSpan limit, CancellationToken stopping)
    {
        using var delay = new CancellationTokenSource(limit, clock);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(delay.Token, stopping);
        try
        {
            await _work.WaitAsync(either.Token);
        }
        catch (OperationCanceledException) when (!stopping.IsCancellationRequested)
        {
            // Time to try again.
        }
    }

    private static partial class Log
    {
        [LoggerMessage(LogLevel.Information, "Topics were created: {Topics}")]
        public static partial void Created(ILogger logger, string topics);

        [LoggerMessage(LogLevel.Information, "Topics have the settings of version {Version} now: {Topics}")]
        public static partial void Altered(ILogger logger, int version, string topics);

        [LoggerMessage(
            LogLevel.Warning,
            "Topics could not be given the settings of version {Version}: {Reason}; trying again"
        )]
        public static partial void Unaltered(ILogger logger, int version, string reason);

        [LoggerMessage(LogLevel.Error, "Topic {Topic} could not be created: {Code} {Reason}; trying again")]
        public static partial void Refused(ILogger logger, string topic, ErrorCode code, string reason);

        [LoggerMessage(LogLevel.Warning, "Topics could not be created, Kafka does not answer: {Reason}; trying again")]
        public static partial void Away(ILogger logger, string reason);
    }
}
