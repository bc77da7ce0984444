using Veltrix.Ingest.Tests;
using Veltrix.Processor.Tests.Support;

namespace Veltrix.Options.Tests;

/// <summary>One running node of each service for all probes, started with the first that needs it.</summary>
public sealed class ProbedNodes : IAsyncLifetime
{
    private readonly Lazy<Task<IngestHost>> _ingest = new(() => IngestHost.StartAsync(TestKafka.Configuration()));
    private readonly Lazy<Task<Platform>> _platform = new(Platform.CreateAsync);
    private readonly Lazy<Task<ProcessorNode>> _processor;

    public ProbedNodes() => _processor = new(StartProcessorAsync);

    internal Task<IngestHost> IngestAsync() => _ingest.Value;

    /// <summary>The processor's servers and its configuration; the processor handles events.</summary>
    internal async Task<Platform> PlatformAsync()
    {
        await _processor.Value;
        return await _platform.Value;
    }

    internal Task<ProcessorNode> ProcessorAsync() => _processor.Value;

    private async Task<ProcessorNode> StartProcessorAsync()
    {
        var platform = await _platform.Value;
        var node = await platform.StartAsync();
        await platform.MovedAsync("first", "first", 1);
        await platform.UntilAsync("SELECT count(*) FROM players", 1);
        return node;
    }

    public ValueTask InitializeAsync() => ValueTask.CompletedTask;

    public async ValueTask DisposeAsync()
    {
        if (_ingest.IsValueCreated)
            await (await _ingest.Value).DisposeAsync();
        // The processor ends with its platform.
        if (_platform.IsValueCreated)
            await (await _platform.Value).DisposeAsync();
    }
}
