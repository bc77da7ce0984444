using System.Text;
using System.Text.Json;
using Aspire.Hosting;
using Aspire.Hosting.ApplicationModel;
using Aspire.Hosting.Publishing;
using Veltrix.Testing;

namespace Veltrix.StandIns.Tests.Manifests;

public class ManifestWriterTests
{
    /// <summary>Genuine.json is what Aspire 13.5 writes for this model.</summary>
    [Fact]
    public async Task Write_ServersAndProjects_EqualsGenuineManifest()
    {
        var builder = Publishing();
        var configDb = builder.AddPostgres("postgres").AddDatabase("configdb");
        var kafka = builder.AddKafka("kafka");
        var redis = builder.AddRedis("redis");
        var config = builder.AddProject<Projects.Veltrix_Config>("config").WithReference(configDb).WithReference(redis);
        builder
            .AddProject<Projects.Veltrix_Ingest>("ingest")
            .WithReference(kafka)
            .WithReference(config)
            .WithReplicas(2)
            .WithExternalHttpEndpoints();

        (await WriteAsync(builder)).ShouldBe(Golden.Read("Genuine.json"));
    }

    [Fact]
    public async Task Write_ExistingServer_IsAParameterWithAConnectionString()
    {
        var builder = Publishing();
        var kafka = builder.AddConnectionString("kafka");
        builder.AddProject<Projects.Veltrix_Ingest>("ingest").WithReference(kafka);

        var resources = await ReadAsync(builder);

        resources.GetProperty("kafka").GetProperty("type").GetString().ShouldBe("parameter.v0");
        resources.GetProperty("kafka").GetProperty("connectionString").GetString().ShouldBe("{kafka.value}");
        var environment = resources.GetProperty("ingest").GetProperty("env");
        environment.GetProperty("ConnectionStrings__kafka").GetString().ShouldBe("{kafka.connectionString}");
    }

    [Fact]
    public async Task Write_Volumes_AreNamedAfterApplicationAndResource()
    {
        var builder = Publishing();
        builder.AddPostgres("postgres").WithDataVolume();

        var volume = (await ReadAsync(builder)).GetProperty("postgres").GetProperty("volumes")[0];

        volume.GetProperty("name").GetString()!.ShouldMatch("^veltrix.standins.tests-[0-9a-f]{10}-postgres-data$");
        volume.GetProperty("target").GetString().ShouldBe("/var/lib/postgresql");
    }

    [Fact]
    public async Task Write_ParameterThatTwoExpressionsEncode_HasOneEncodedForm()
    {
        var builder = Publishing();
        var server = builder.AddPostgres("postgres");
        builder
            .AddProject<Projects.Veltrix_Config>("config")
            .WithReference(server.AddDatabase("one"))
            .WithReference(server.AddDatabase("two"));

        var names = (await ReadAsync(builder)).EnumerateObject().Select(resource => resource.Name);

        names.ShouldBe(
            ["postgres", "config", "one", "two", "postgres-password", "postgres-password-uri-encoded"],
            true
        );
    }

    private static IDistributedApplicationBuilder Publishing() =>
        DistributedApplication.CreateBuilder(["--publisher", "manifest"]);

    private static async Task<JsonElement> ReadAsync(IDistributedApplicationBuilder builder) =>
        JsonDocument.Parse(await WriteAsync(builder)).RootElement.GetProperty("resources");

    private static async Task<string> WriteAsync(IDistributedApplicationBuilder builder)
    {
        using var buffer = new MemoryStream();
        await using var writer = new Utf8JsonWriter(buffer, new JsonWriterOptions { Indented = true });
        var path = Path.Combine(Repository.Root, "Veltrix.AppHost", "manifest.json");
        var context = new ManifestPublishingContext(
            builder.ExecutionContext,
            path,
            writer,
            TestContext.Current.CancellationToken
        );
        await new ManifestWriter(context).WriteAsync(new DistributedApplicationModel(builder.Resources));
        return Encoding.UTF8.GetString(buffer.ToArray());
    }
}
