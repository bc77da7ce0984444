using Confluent.Kafka;
using LibrdkafkaRedist;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Hosting;
using StackExchange.Redis;
using Veltrix.Testing;

namespace Veltrix.ServiceDefaults.Tests;

/// <summary>The integrations against real servers.</summary>
public sealed class ClientStandInTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Redis_Connected_WorksAndIsHealthy()
    {
        using var host = await StartAsync(
            builder => builder.AddRedisClient("redis"),
            ("ConnectionStrings:redis", await Servers.RedisAsync())
        );
        var redis = host.Services.GetRequiredService<IConnectionMultiplexer>().GetDatabase();
        var key = $"test:{Guid.NewGuid():N}";

        await redis.SortedSetAddAsync(key, "member", 4.5);

        (await redis.SortedSetScoreAsync(key, "member")).ShouldBe(4.5);
        await redis.KeyDeleteAsync(key);
        (await HealthAsync(host, "StackExchange.Redis")).Status.ShouldBe(HealthStatus.Healthy);
    }

    [Fact]
    public async Task Redis_Away_StartsUnhealthy()
    {
        using var host = await StartAsync(
            builder => builder.AddRedisClient("redis"),
            ("ConnectionStrings:redis", "127.0.0.1:1,connectTimeout=200,connectRetry=0")
        );

        (await HealthAsync(host, "StackExchange.Redis")).Status.ShouldBe(HealthStatus.Unhealthy);
    }

    [Fact]
    public async Task Redis_WithoutConnectionString_SaysWhereItBelongs()
    {
        var error = await Should.ThrowAsync<InvalidOperationException>(() =>
            StartAsync(builder => builder.AddRedisClient("redis"))
        );
        error.Message.ShouldContain("'ConnectionStrings:redis'");
    }

    [Fact]
    public async Task Npgsql_Context_WorksAndIsHealthy()
    {
        using var host = await StartAsync(
            builder => builder.AddNpgsqlDbContext<TestDbContext>("testdb", settings => settings.CommandTimeout = 7),
            ("ConnectionStrings:testdb", await Servers.PostgresAsync())
        );
        await using var scope = host.Services.CreateAsyncScope();
        var context = scope.ServiceProvider.GetRequiredService<TestDbContext>();

        await context.Database.EnsureCreatedAsync(Cancellation);
        context.Add(new TestEntity { Name = "stored" });
        await context.SaveChangesAsync(Cancellation);

        (await context.Set<TestEntity>().SingleAsync(Cancellation)).Name.ShouldBe("stored");
        context.Database.GetCommandTimeout().ShouldBe(7);
        context.Database.CreateExecutionStrategy().RetriesOnFailure.ShouldBeTrue();
        (await HealthAsync(host, nameof(TestDbContext))).Status.ShouldBe(HealthStatus.Healthy);
    }

    [Fact]
    public async Task Npgsql_Away_IsUnhealthy()
    {
        using var host = await StartAsync(
            builder => builder.AddNpgsqlDbContext<TestDbContext>("testdb", settings => settings.DisableRetry = true),
            ("ConnectionStrings:testdb", "Host=127.0.0.1;Port=1;Timeout=1")
        );

        (await HealthAsync(host, nameof(TestDbContext))).Status.ShouldBe(HealthStatus.Unhealthy);
    }

    [Fact]
    public async Task Npgsql_WithoutConnectionString_FailsWithTheFirstContext()
    {
        using var host = await StartAsync(builder =>
            builder.AddNpgsqlDbContext<TestDbContext>("testdb", settings => settings.DisableHealthChecks = true)
        );
        await using var scope = host.Services.CreateAsyncScope();

        var error = Should.Throw<InvalidOperationException>(() =>
            scope.ServiceProvider.GetRequiredService<TestDbContext>()
        );

        error.Message.ShouldContain("'ConnectionStrings:testdb'");
    }

    [Fact]
    public void Npgsql_ContextRegisteredBefore_IsRefused()
    {
        var builder = Host.CreateApplicationBuilder();
        builder.Services.AddDbContext<TestDbContext>();
        Should.Throw<InvalidOperationException>(() => builder.AddNpgsqlDbContext<TestDbContext>("testdb"));
    }

    [Fact]
    public async Task Kafka_Producer_WorksAndIsHealthy()
    {
        await Librdkafka.EnsureAsync(_ => { }, Cancellation);
        var topic = $"test-{Guid.NewGuid():N}";
        var servers = await Servers.KafkaAsync();
        using var host = await StartAsync(
            builder => builder.AddKafkaProducer<string, string>("kafka", settings => settings.Config.Acks = Acks.All),
            ("ConnectionStrings:kafka", servers),
            ("Aspire:Confluent:Kafka:Producer:kafka:Config:ClientId", topic)
        );
        using (var admin = new AdminClientBuilder(new AdminClientConfig { BootstrapServers = servers }).Build())
            await admin.CreateTopicsAsync([
                new()
                {
                    Name = topic,
                    NumPartitions = 1,
                    ReplicationFactor = -1,
                },
            ]);

        var producer = host.Services.GetRequiredService<IProducer<string, string>>();
        var message = new Message<string, string> { Key = "key", Value = "value" };
        var delivered = await producer.ProduceAsync(topic, message, Cancellation);

        delivered.Status.ShouldBe(PersistenceStatus.Persisted);
        producer.Name.ShouldStartWith(topic);
        (await HealthAsync(host, "Aspire.Confluent.Kafka.Producer")).Status.ShouldBe(HealthStatus.Healthy);
    }

    [Fact]
    public async Task Kafka_Away_IsUnhealthy()
    {
        await Librdkafka.EnsureAsync(_ => { }, Cancellation);
        using var host = await StartAsync(
            builder => builder.AddKafkaProducer<string, string>("kafka"),
            ("ConnectionStrings:kafka", "127.0.0.1:1")
        );

        (await HealthAsync(host, "Aspire.Confluent.Kafka.Producer")).Status.ShouldBe(HealthStatus.Unhealthy);
    }

    [Fact]
    public async Task Kafka_WithoutBootstrapServers_SaysSo()
    {
        using var host = await StartAsync(builder => builder.AddKafkaProducer<string, string>("kafka"));

        Should
            .Throw<InvalidOperationException>(() => host.Services.GetRequiredService<IProducer<string, string>>())
            .Message.ShouldBe("No bootstrap servers configured.");
    }

    private static async Task<IHost> StartAsync(
        Action<HostApplicationBuilder> configure,
        params (string Key, string Value)[] settings
    )
    {
        var builder = Host.CreateEmptyApplicationBuilder(new HostApplicationBuilderSettings());
        foreach (var (key, value) in settings)
            builder.Configuration[key] = value;
        configure(builder);
        var host = builder.Build();
        await host.StartAsync(Cancellation);
        return host;
    }

    private static async Task<HealthReportEntry> HealthAsync(IHost host, string check) =>
        (await host.Services.GetRequiredService<HealthCheckService>().CheckHealthAsync(Cancellation)).Entries[check];

    private sealed class TestDbContext(DbContextOptions<TestDbContext> options) : DbContext(options)
    {
        protected override void OnModelCreating(ModelBuilder modelBuilder) => modelBuilder.Entity<TestEntity>();
    }

    private sealed class TestEntity
    {
        public int Id { get; set; }
        public required string Name { get; set; }
    }
}
