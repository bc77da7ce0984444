using Veltrix.Configuration;
using Veltrix.ServiceDefaults.Configuration;

namespace Veltrix.Ingest.Tests;

/// <summary>A configuration that the test publishes by hand.</summary>
internal sealed class StubConfiguration : IPlatformConfiguration
{
    private readonly TaskCompletionSource<ConfigurationVersion> _first = new(
        TaskCreationOptions.RunContinuationsAsynchronously
    );
    private volatile ConfigurationVersion? _current;

    public event Action<ConfigurationVersion>? Changed;

    public ConfigurationVersion Current => _current ?? throw new InvalidOperationException("None was published.");

    public Task<ConfigurationVersion> WaitAsync(CancellationToken cancellation) => _first.Task.WaitAsync(cancellation);

    public void Publish(PlatformConfiguration configuration)
    {
        var number = (_current?.Number ?? 0) + 1;
        var version = new ConfigurationVersion(
            number,
            number - 1,
            $"{number:x64}",
            "tests",
            "Test",
            DateTimeOffset.UtcNow,
            configuration
        );
        _current = version;
        _first.TrySetResult(version);
        Changed?.Invoke(version);
    }
}
