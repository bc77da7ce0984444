using Aspire.Hosting;
using Aspire.Hosting.ApplicationModel;
using Microsoft.Extensions.Configuration;

namespace Veltrix.StandIns.Tests.Model;

public class ReferenceTests
{
    private readonly IDistributedApplicationBuilder _builder = Running.CreateBuilder(
        ("Parameters:postgres-password", "p+w"),
        ("Parameters:redis-password", "secret")
    );

    [Fact]
    public async Task WithReference_Database_WritesConnectionStringAndItsParts()
    {
        var postgres = _builder.AddPostgres("postgres");
        postgres.Allocate("tcp", 25432);
        var project = _builder.AddProject<Projects.Veltrix_Config>("config");

        project.WithReference(postgres.AddDatabase("configdb"));

        var environment = await EnvironmentAsync(project);
        environment["ConnectionStrings__configdb"]
            .ShouldBe("Host=localhost;Port=25432;Username=postgres;Password=p+w;Database=configdb");
        environment["CONFIGDB_HOST"].ShouldBe("localhost");
        environment["CONFIGDB_PORT"].ShouldBe("25432");
        environment["CONFIGDB_USERNAME"].ShouldBe("postgres");
        environment["CONFIGDB_PASSWORD"].ShouldBe("p+w");
        environment["CONFIGDB_URI"].ShouldBe("postgresql://postgres:p%2Bw@localhost:25432/configdb");
        environment["CONFIGDB_JDBCCONNECTIONSTRING"].ShouldBe("jdbc:postgresql://localhost:25432/configdb");
        environment["CONFIGDB_DATABASENAME"].ShouldBe("configdb");
    }

    [Fact]
    public async Task WithReference_RedisAndKafka_WritesTheirAddresses()
    {
        var redis = _builder.AddRedis("redis");
        redis.Allocate("tcp", 26379);
        var kafka = _builder.AddKafka("kafka");
        kafka.Allocate("tcp", 29092);
        var project = _builder.AddProject<Projects.Veltrix_Processor>("processor");

        project.WithReference(redis).WithReference(kafka);

        var environment = await EnvironmentAsync(project);
        environment["ConnectionStrings__redis"].ShouldBe("localhost:26379,password=secret");
        environment["REDIS_URI"].ShouldBe("redis://:secret@localhost:26379");
        environment["ConnectionStrings__kafka"].ShouldBe("localhost:29092");
        environment["KAFKA_HOST"].ShouldBe("localhost");
        environment["KAFKA_PORT"].ShouldBe("29092");
    }

    [Fact]
    public async Task WithReference_ExistingServer_PassesTheConfiguredConnectionString()
    {
        _builder.Configuration["ConnectionStrings:kafka"] = "elsewhere:9092";
        var project = _builder.AddProject<Projects.Veltrix_Ingest>("ingest");

        project.WithReference(_builder.AddConnectionString("kafka"));

        (await EnvironmentAsync(project))["ConnectionStrings__kafka"].ShouldBe("elsewhere:9092");
    }

    [Fact]
    public async Task WithReference_ExistingServerThatIsNotConfigured_SaysWhatIsMissing()
    {
        var project = _builder.AddProject<Projects.Veltrix_Ingest>("ingest");
        project.WithReference(_builder.AddConnectionString("kafka"));

        var failure = await Should.ThrowAsync<MissingParameterValueException>(() => EnvironmentAsync(project));

        failure.Message.ShouldContain("'kafka'");
    }

    [Fact]
    public async Task WithReference_Project_WritesItsPublicAddressForServiceDiscovery()
    {
        var config = _builder.AddProject<Projects.Veltrix_Config>("config");
        config.Allocate("http", 5082);
        var project = _builder.AddProject<Projects.Veltrix_Ingest>("my-ingest");

        project.WithReference(config).WithReference(config.GetEndpoint("http"));

        var environment = await EnvironmentAsync(project);
        environment["CONFIG_HTTP"].ShouldBe("http://localhost:5082");
        environment["services__config__http__0"].ShouldBe("http://localhost:5082");
        environment.Keys.ShouldNotContain("services__config__http__1");
    }

    [Fact]
    public async Task WithReference_EndpointOfADashedName_EncodesTheNameInTheVariable()
    {
        var config = _builder.AddProject<Projects.Veltrix_Config>("my-config").WithEndpoint(name: "side-door");
        config.Allocate("side-door", 7000);
        var project = _builder.AddProject<Projects.Veltrix_Ingest>("ingest");

        project.WithReference(config.GetEndpoint("side-door"));

        var environment = await EnvironmentAsync(project);
        environment["MY_CONFIG_SIDE_DOOR"].ShouldBe("tcp://localhost:7000");
        environment["services__my-config__side-door__0"].ShouldBe("tcp://localhost:7000");
        environment.Keys.ShouldNotContain("services__my-config__http__0");
    }

    [Fact]
    public async Task Value_OfAnEndpointWithoutAPort_WaitsForThePort()
    {
        var kafka = _builder.AddKafka("kafka");
        var value = kafka
            .Resource.ConnectionStringExpression.GetValueAsync(TestContext.Current.CancellationToken)
            .AsTask();
        value.IsCompleted.ShouldBeFalse();

        kafka.Allocate("tcp", 29092);

        (await value).ShouldBe("localhost:29092");
    }

    private Task<Dictionary<string, string>> EnvironmentAsync(IResourceBuilder<IResource> project) =>
        project.Resource.ResolveEnvironmentAsync(_builder.ExecutionContext, TestContext.Current.CancellationToken);
}
