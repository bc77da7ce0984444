using System.Globalization;
using Confluent.Kafka;
using Confluent.Kafka.Admin;
using Microsoft.Extensions.DependencyInjection;
using Npgsql;
using StackExchange.Redis;
using Veltrix.Configuration;
using Veltrix.Events;
using Veltrix.Testing;

namespace Veltrix.Processor.Tests.Support;

/// <summary>Real servers with topics, groups, keys and a database of this test's own, and processors on them.</summary>
internal sealed class Platform : IAsyncDisposable
{
    public const string OperatorKey = "operator-key";
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    private readonly string _unique = Guid.NewGuid().ToString("n")[..8];
    private readonly List<ProcessorNode> _nodes = [];
    private readonly IProducer<byte[], byte[]> _producer;

    private Platform(string postgres, string kafka, string redis)
    {
        Postgres = postgres;
        Kafka = kafka;
        Redis = redis;
        Source = NpgsqlDataSource.Create(postgres);
        Configuration = new TestConfiguration(Routed());
        _producer = new ProducerBuilder<byte[], byte[]>(
            new ProducerConfig
            {
                BootstrapServers = kafka,
                EnableIdempotence = true,
                Partitioner = Partitioner.Murmur2Random,
                LingerMs = 2,
            }
        ).Build();
    }

    public string Postgres { get; }

    public string Kafka { get; }

    public string Redis { get; }

    public NpgsqlDataSource Source { get; }

    public TestConfiguration Configuration { get; }

    public string Hunts => $"hunts-{_unique}";

    public string Players => $"players-{_unique}";

    public string GitHub => $"github-{_unique}";

    public string KeyPrefix => $"{_unique}:";

    public string GroupPrefix => $"{_unique}-";

    public static async Task<Platform> CreateAsync()
    {
        var platform = new Platform(
            await Servers.PostgresAsync(),
            await Servers.KafkaAsync(),
            await Servers.RedisAsync()
        );
        using var admin = new AdminClientBuilder(new AdminClientConfig { BootstrapServers = platform.Kafka }).Build();
        await admin.CreateTopicsAsync(
            platform
                .Configuration.Current.Configuration.Clusters[0]
                .Topics.Select(topic => new TopicSpecification { Name = topic.Name, NumPartitions = topic.Partitions })
        );
        return platform;
    }

    public async Task<ProcessorNode> StartAsync(bool inBatches = true, Action<IServiceCollection>? configure = null)
    {
        var node = await ProcessorNode.StartAsync(this, _nodes.Count, inBatches, configure);
        _nodes.Add(node);
        return node;
    }

    /// <summary>Produces one record as ingest does.</summary>
    public Task ProduceAsync(
        string topic,
        string type,
        string? subject,
        string id,
        string? data,
        string source = "/test",
        string? key = null
    )
    {
        var headers = new Headers
        {
            { CloudEventHeaders.Id, Bytes(id) },
            { CloudEventHeaders.Source, Bytes(source) },
            { CloudEventHeaders.Type, Bytes(type) },
            { CloudEventHeaders.SpecVersion, Bytes("1.0") },
            { CloudEventHeaders.Time, Bytes(DateTime.UtcNow.ToString("O", CultureInfo.InvariantCulture)) },
        };
        if (subject is not null)
            headers.Add(CloudEventHeaders.Subject, Bytes(subject));
        return ProduceAsync(topic, Bytes(key ?? subject ?? id), data is null ? null : Bytes(data), headers);
    }

    public Task ProduceAsync(string topic, byte[]? key, byte[]? value, Headers headers) =>
        _producer.ProduceAsync(
            topic,
            new Message<byte[], byte[]>
            {
                Key = key!,
                Value = value!,
                Headers = headers,
            }
        );

    public Task MovedAsync(string player, string id, int meters, string source = "/test") =>
        ProduceAsync(
            Players,
            "com.veltrix.player.moved",
            player,
            id,
            $$"""{"latitude":1.5,"longitude":2.5,"meters":{{meters}}}""",
            source
        );

    /// <summary>Produces an event of a hunt.</summary>
    public Task HuntAsync(string type, string hunt, string id, string data, string? topic = null) =>
        ProduceAsync(topic ?? Hunts, $"com.veltrix.{type}", hunt, id, data);

    public async Task CreateTopicAsync(string name, int partitions)
    {
        using var admin = new AdminClientBuilder(new AdminClientConfig { BootstrapServers = Kafka }).Build();
        await admin.CreateTopicsAsync([new TopicSpecification { Name = name, NumPartitions = partitions }]);
    }

    /// <summary>Plays a hunt from its start to its end.</summary>
    public async Task PlayAsync(string hunt, int clues)
    {
        await HuntAsync("hunt.started", hunt, $"{hunt}-s", $$"""{"name":"Hunt","clues":{{clues}}}""");
        for (var clue = 1; clue <= clues; clue++)
            await HuntAsync("clue.found", hunt, $"{hunt}-{clue}", $$"""{"player":"ann","clue":{{clue}}}""");
        await HuntAsync("treasure.claimed", hunt, $"{hunt}-t", """{"player":"ann","points":10}""");
    }

    public async Task<T> QueryAsync<T>(string sql)
    {
        await using var command = Source.CreateCommand(sql);
        return (T)(await command.ExecuteScalarAsync())!;
    }

    /// <summary>Ids of the members of a purpose's group; none while it rebalances.</summary>
    public IReadOnlyList<string> Members(string purpose)
    {
        using var admin = new AdminClientBuilder(new AdminClientConfig { BootstrapServers = Kafka }).Build();
        var group = admin.ListGroup($"{GroupPrefix}{purpose}", Patience);
        return group.State == "Stable" ? [.. group.Members.Select(member => member.MemberId)] : [];
    }

    /// <summary>Whether some member of a purpose's group was given partitions of <paramref name="topic"/>.</summary>
    public bool IsAssigned(string purpose, string topic)
    {
        using var admin = new AdminClientBuilder(new AdminClientConfig { BootstrapServers = Kafka }).Build();
        var group = admin.ListGroup($"{GroupPrefix}{purpose}", Patience);
        // The assignment, in Kafka's own format, has the names of its topics as they are.
        return group.State == "Stable"
            && group.Members.Exists(member =>
                System.Text.Encoding.UTF8.GetString(member.MemberAssignment).Contains(topic, StringComparison.Ordinal)
            );
    }

    /// <summary>Since when a statement of this database waits for a lock; null when none does.</summary>
    public async Task<DateTime?> WaitingSinceAsync()
    {
        await using var command = Source.CreateCommand(
            """
            SELECT min(query_start) FROM pg_stat_activity
            WHERE datname = current_database() AND wait_event_type = 'Lock'
            """
        );
        return await command.ExecuteScalarAsync() as DateTime?;
    }

    /// <summary>Holds every batch of moves up until it is disposed of.</summary>
    public async Task<IAsyncDisposable> LockPlayersAsync()
    {
        var connection = await Source.OpenConnectionAsync();
        await using var block = new NpgsqlCommand("BEGIN; LOCK TABLE players IN ACCESS EXCLUSIVE MODE", connection);
        await block.ExecuteNonQueryAsync();
        return connection;
    }

    public async Task ExecuteAsync(string sql)
    {
        await using var command = Source.CreateCommand(sql);
        await command.ExecuteNonQueryAsync();
    }

    /// <summary>Asks again until the answer is right.</summary>
    public static Task UntilAsync(Func<Task<bool>> isTrue, string what)
    {
        return Eventually.HoldsAsync(
            HoldsAsync,
            Patience,
            $"Not within {Patience.TotalSeconds} s: {what}",
            TestContext.Current.CancellationToken
        );

        async Task<bool> HoldsAsync()
        {
            try
            {
                return await isTrue();
            }
            catch (PostgresException missing) when (missing.SqlState == PostgresErrorCodes.UndefinedTable)
            {
                // The processor has not made the schema yet.
                return false;
            }
        }
    }

    public async Task UntilAsync(string sql, long expected)
    {
        long? last = null;
        try
        {
            await UntilAsync(async () => (last = await QueryAsync<long>(sql)) == expected, $"{sql} = {expected}");
        }
        catch (TimeoutException timeout)
        {
            throw new TimeoutException($"{timeout.Message}, last {last}", timeout);
        }
    }

    public async Task<IReadOnlyDictionary<string, long>> LeaderboardAsync()
    {
        using var redis = await ConnectionMultiplexer.ConnectAsync(Redis);
        var entries = await redis.GetDatabase().SortedSetRangeByRankWithScoresAsync($"{KeyPrefix}leaderboard:meters");
        return entries.ToDictionary(entry => (string)entry.Element!, entry => (long)entry.Score);
    }

    /// <summary>What a server does that comes back without its data.</summary>
    public async Task ForgetLeaderboardAsync()
    {
        using var redis = await ConnectionMultiplexer.ConnectAsync(Redis);
        await redis
            .GetDatabase()
            .KeyDeleteAsync([$"{KeyPrefix}leaderboard:meters", $"{KeyPrefix}leaderboard:complete"]);
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var node in _nodes)
            await node.DisposeAsync();
        _producer.Dispose();
        await Source.DisposeAsync();
    }

    private PlatformConfiguration Routed()
    {
        var defaults = PlatformConfiguration.Default;
        return defaults with
        {
            Clusters =
            [
                new Veltrix.Configuration.ClusterConfiguration(
                    "kafka",
                    [new(Hunts, 4), new(Players, 4), new(GitHub, 4)]
                ),
            ],
            EventTypes = [.. defaults.EventTypes.Select(type => type with { Topic = $"{type.Topic}-{_unique}" })],
        };
    }

    private static byte[] Bytes(string text) => System.Text.Encoding.UTF8.GetBytes(text);
}
