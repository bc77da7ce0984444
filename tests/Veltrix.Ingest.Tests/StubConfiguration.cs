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

    /// <summary>What takes each version over.</summary>
    public IReadOnlyList<IConfigurationPart> Parts { get; set; } = [];

    /// <returns>Why it is not in force; null when it is.</returns>
    public VersionRefusal? Publish(PlatformConfiguration configuration)
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
        if (Parts.Apply(version) is { } refusal)
            return refusal;
        _current = version;
        _first.TrySetResult(version);
        Changed?.Invoke(version);
        return null;
    }
}
