using Aspire.Hosting.Orchestration;
using LibrdkafkaRedist;
using Npgsql;

namespace Veltrix.Testing;

/// <summary>
/// Real servers for tests: each starts with its first use, serves all tests of the process, and is gone with its data
/// when the process ends.
/// </summary>
/// <remarks>
/// <c>VELTRIX_TEST_POSTGRES</c>, <c>VELTRIX_TEST_KAFKA</c> and <c>VELTRIX_TEST_REDIS</c> (connection strings) name
/// servers to use instead.
/// </remarks>
public static class Servers
{
    /// <summary>Who may ask where users are wanted.</summary>
    public const string KafkaUser = "alice";

    /// <summary>The password of every server.</summary>
    public const string Password = "only-for-tests";

    private static readonly Lazy<Task<string>> Postgres = new(StartPostgresAsync);
    private static readonly Lazy<Task<string>> Kafka = new(StartKafkaAsync);
    private static readonly Lazy<Task<string>> KafkaWithUsers = new(StartKafkaWithUsersAsync);
    private static readonly Lazy<Task<string>> Redis = new(StartRedisAsync);

    /// <summary>A connection string of a fresh, empty database.</summary>
    public static async Task<string> PostgresAsync()
    {
        var server = await Postgres.Value;
        var database = $"test_{Guid.NewGuid():N}";
        await using var connection = new NpgsqlConnection(server);
        await connection.OpenAsync();
        await using var command = new NpgsqlCommand($"CREATE DATABASE {database}", connection);
        await command.ExecuteNonQueryAsync();
        return new NpgsqlConnectionStringBuilder(server) { Database = database }.ConnectionString;
    }

    /// <summary>
    /// A connection string of an empty server of its own that waits for the disk as a real one does: for measurements.
    /// </summary>
    public static async Task<string> DurablePostgresAsync()
    {
        var server = await ServerProcess.StartAsync("postgres", Postgresql(), durable: true);
        return ConnectionString(server);
    }

    /// <summary>Bootstrap servers. All tests of the process share them: use topics and groups of your own.</summary>
    public static Task<string> KafkaAsync() => Kafka.Value;

    /// <summary>
    /// Bootstrap servers of one more broker, which wants <see cref="KafkaUser"/> and <see cref="Password"/> by SASL/PLAIN. Always ours.
    /// </summary>
    public static Task<string> KafkaWithUsersAsync() => KafkaWithUsers.Value;

    /// <summary>A StackExchange.Redis connection string. All tests of the process share the server: use keys of your own.</summary>
    public static Task<string> RedisAsync() => Redis.Value;

    /// <summary>A port of loopback for a server that the test starts by itself.</summary>
    public static int FreePort() => Ports.Free();

    private static async Task<string> StartPostgresAsync()
    {
        if (Configured("VELTRIX_TEST_POSTGRES") is { } configured)
            return configured;
        return ConnectionString(await ServerProcess.StartAsync("postgres", Postgresql()));
    }

    private static PostgresServer Postgresql() => new(_ => new("postgres"), _ => new(Password), () => []);

    private static string ConnectionString(ServerProcess server) =>
        $"Host=127.0.0.1;Port={server.Port};Username=postgres;Password={Password}";

    private static async Task<string> StartKafkaAsync()
    {
        // Whoever asks for Kafka is about to make a client of it.
        await Librdkafka.EnsureAsync(_ => { }, CancellationToken.None);
        if (Configured("VELTRIX_TEST_KAFKA") is { } configured)
            return configured;
        var server = await ServerProcess.StartAsync("kafka", Broker());
        return $"127.0.0.1:{server.Port}";
    }

    private static async Task<string> StartKafkaWithUsersAsync()
    {
        var server = await ServerProcess.StartAsync("kafka-with-users", new BrokerWithUsers(Broker()));
        return $"127.0.0.1:{server.Port}";
    }

    private static BrokerServer Broker() =>
        new(() => Path.Combine(Repository.Root, "services", "Veltrix.Broker", "Veltrix.Broker.csproj"));

    private static async Task<string> StartRedisAsync()
    {
        if (Configured("VELTRIX_TEST_REDIS") is { } configured)
            return configured;
        var server = await ServerProcess.StartAsync("redis", new GarnetServer(_ => new(Password), Repository.Root));
        return $"127.0.0.1:{server.Port},password={Password}";
    }

    private static string? Configured(string variable) =>
        Environment.GetEnvironmentVariable(variable) is { Length: > 0 } value ? value : null;
}
