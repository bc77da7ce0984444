using Aspire.Hosting;
using Aspire.Hosting.ApplicationModel;

namespace Veltrix.StandIns.Tests.Model;

public class ResourceTests
{
    private readonly IDistributedApplicationBuilder _builder = Running.CreateBuilder();

    [Theory]
    [InlineData("1st", "start with an ASCII letter")]
    [InlineData("a_b", "ASCII letters, digits, and hyphens")]
    [InlineData("größe", "ASCII letters, digits, and hyphens")]
    [InlineData("a--b", "consecutive hyphens")]
    [InlineData("a-", "end with a hyphen")]
    [InlineData("a234567890123456789012345678901234567890123456789012345678901234x", "between 1 and 64")]
    public void Add_InvalidName_SaysWhichRuleIsBroken(string name, string rule) =>
        Should.Throw<ArgumentException>(() => _builder.AddKafka(name)).Message.ShouldContain(rule);

    [Fact]
    public void Add_NameThatIsTakenInOtherCase_IsRefused()
    {
        _builder.AddKafka("kafka");

        Should
            .Throw<DistributedApplicationException>(() => _builder.AddRedis("Kafka"))
            .Message.ShouldContain("'Kafka'");
    }

    [Fact]
    public void AddProject_InRunMode_TakesThePublicPortFromItsLaunchProfile()
    {
        var endpoint = _builder.AddProject<Projects.Veltrix_Config>("config").GetEndpoint("http").EndpointAnnotation;

        endpoint.Port.ShouldBe(5082);
        endpoint.TargetPort.ShouldBeNull();
        endpoint.UriScheme.ShouldBe("http");
    }

    [Fact]
    public async Task AddProject_InRunMode_TakesTheEnvironmentOfItsLaunchProfile()
    {
        var project = _builder
            .AddProject<Projects.Veltrix_Config>("config")
            .WithEnvironment("Plain", "text")
            .WithEnvironment("Nothing", (string?)null);

        var environment = await project.Resource.ResolveEnvironmentAsync(
            _builder.ExecutionContext,
            TestContext.Current.CancellationToken
        );

        environment["ASPNETCORE_ENVIRONMENT"].ShouldBe("Development");
        environment["DOTNET_LAUNCH_PROFILE"].ShouldBe("http");
        environment["OTEL_DOTNET_EXPERIMENTAL_OTLP_RETRY"].ShouldBe("in_memory");
        environment["Plain"].ShouldBe("text");
        environment["Nothing"].ShouldBeEmpty();
    }

    [Fact]
    public void WithHttpHealthCheck_OfAProject_IsKeyedAsInAspire()
    {
        var project = _builder.AddProject<Projects.Veltrix_Config>("config").WithHttpHealthCheck("/health");

        project
            .Resource.Annotations.OfType<HealthCheckAnnotation>()
            .Single()
            .Key.ShouldBe("config_http_/health_200_check");
    }

    [Fact]
    public void WaitFor_Itself_IsRefused()
    {
        var project = _builder.AddProject<Projects.Veltrix_Config>("config");

        Should.Throw<DistributedApplicationException>(() => project.WaitFor(project));
    }

    [Fact]
    public void WithEndpoint_NameThatIsTaken_IsRefused()
    {
        var project = _builder.AddProject<Projects.Veltrix_Config>("config");

        Should.Throw<DistributedApplicationException>(() => project.WithEndpoint(name: "http"));
    }

    [Fact]
    public void Build_InRunMode_KnowsWhereTheReferencedProjectsWereBuilt()
    {
        var assembly = typeof(Projects.Veltrix_AppHost).Assembly;
        var project = new Projects.Veltrix_Config().ProjectPath;

        var target = AppHostFacts.TargetPath(assembly, project);

        Path.GetFileName(target).ShouldBe("Veltrix.Config.dll");
        File.Exists(target).ShouldBeTrue();
    }
}
