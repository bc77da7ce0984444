using System.Net.Http.Headers;
using MassTransit.KafkaIntegration;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Veltrix.Processor.Workflows;
using Veltrix.ServiceDefaults.Configuration;

namespace Veltrix.Processor.Tests.Support;

/// <summary>One processor, whole, in the test's process.</summary>
internal sealed class ProcessorNode : IAsyncDisposable
{
    /// <summary>Keys that are known here, but may do nothing.</summary>
    public const string NodeKey = "node-key";

    public const string IngestKey = "ingest-key";

    private static readonly string[] NotInTests = ["ConfigurationWatch", "NodeReporter"];

    private readonly WebApplication _app;
    private bool _stopped;

    private ProcessorNode(WebApplication app)
    {
        _app = app;
        Http = new HttpClient { BaseAddress = new Uri(app.Urls.First()) };
        Http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", Platform.OperatorKey);
    }

    public HttpClient Http { get; }

    public IServiceProvider Services => _app.Services;

    public static async Task<ProcessorNode> StartAsync(
        Platform platform,
        int number,
        bool inBatches,
        Action<IServiceCollection>? configure
    )
    {
        string[] arguments =
        [
            "--urls=http://127.0.0.1:0",
            $"--ConnectionStrings:processingdb={platform.Postgres}",
            $"--ConnectionStrings:kafka={platform.Kafka}",
            $"--ConnectionStrings:redis={platform.Redis}",
            $"--Processor:GroupPrefix={platform.GroupPrefix}",
            $"--Processor:KeyPrefix={platform.KeyPrefix}",
            $"--Keys:Operator={Platform.OperatorKey}",
            $"--Keys:Node={NodeKey}",
            $"--Keys:Ingest={IngestKey}",
            "--OTEL_SERVICE_NAME=processor",
            $"--OTEL_RESOURCE_ATTRIBUTES=service.instance.id=test{number}",
        ];
        var app = ProcessorApplication.Build(
            arguments,
            builder =>
            {
                Configure(builder, platform, inBatches);
                configure?.Invoke(builder.Services);
            }
        );
        await app.StartAsync();
        return new ProcessorNode(app);
    }

    public T Get<T>()
        where T : notnull => _app.Services.GetRequiredService<T>();

    public async Task StopAsync()
    {
        if (_stopped)
            return;
        _stopped = true;
        await _app.StopAsync();
    }

    public async ValueTask DisposeAsync()
    {
        await StopAsync();
        Http.Dispose();
        await _app.DisposeAsync();
    }

    private static void Configure(WebApplicationBuilder builder, Platform platform, bool inBatches)
    {
        if (Environment.GetEnvironmentVariable("PROCESSOR_TEST_LOG") is null)
            builder.Logging.ClearProviders();
        builder.Services.Replace(ServiceDescriptor.Singleton<IPlatformConfiguration>(platform.Configuration));
        if (!inBatches)
        {
            builder.Services.RemoveAll<IKafkaBatchScope>();
            builder.Services.Replace(ServiceDescriptor.Singleton(new WorkflowMode(InBatches: false)));
        }
        var watchers = builder
            .Services.Where(service =>
                service.ServiceType == typeof(IHostedService) && NotInTests.Contains(service.ImplementationType?.Name)
            )
            .ToList();
        foreach (var watcher in watchers)
            builder.Services.Remove(watcher);
    }
}
