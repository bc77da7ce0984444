using Aspire.Hosting;
using Microsoft.Extensions.Configuration;
using Veltrix.Hosting.TestHost;

if (args.Contains(TestService.Argument))
{
    TestService.Run(args);
    return;
}

// An AppHost of the smallest kind; what tests want besides the service is asked for by configuration.
var builder = DistributedApplication.CreateBuilder(args);
var web = builder
    .AddProject<TestService>("web")
    .WithReplicas(2)
    .WithArgs(context => context.Args.Add(TestService.Argument))
    .WithEndpoint(
        "http",
        endpoint =>
        {
            endpoint.UriScheme = "http";
            endpoint.Port = builder.Configuration.GetValue<int?>("Test:WebPort");
        }
    )
    .WithHttpHealthCheck("/health");
if (builder.Configuration.GetValue("Test:Postgres", defaultValue: false))
    web.WaitFor(
        builder
            .AddPostgres("postgres", port: builder.Configuration.GetValue<int?>("Test:PostgresPort"))
            .AddDatabase("db")
    );
if (builder.Configuration.GetValue("Test:Redis", defaultValue: false))
    web.WaitFor(builder.AddRedis("redis", builder.Configuration.GetValue<int?>("Test:RedisPort")));
builder.Build().Run();
