using Veltrix.Configuration;
using Veltrix.ServiceDefaults.Configuration;

namespace Veltrix.Processor.Tests.Support;

/// <summary>The published configuration, in the test's hands.</summary>
internal sealed class TestConfiguration : IPlatformConfiguration
{
    private ConfigurationVersion _current;

    public TestConfiguration(PlatformConfiguration first) => _current = Version(1, first);

    public event Action<ConfigurationVersion>? Changed;

    public ConfigurationVersion Current => Volatile.Read(ref _current);

    public Task<ConfigurationVersion> WaitAsync(CancellationToken cancellation) => Task.FromResult(Current);

    public void Publish(Func<PlatformConfiguration, PlatformConfiguration> change)
    {
        var next = Version(Current.Number + 1, change(Current.Configuration));
        Volatile.Write(ref _current, next);
        Changed?.Invoke(next);
    }

    private static ConfigurationVersion Version(int number, PlatformConfiguration configuration) =>
        new(number, null, "", "test", "test", DateTimeOffset.UnixEpoch, configuration);
}
