using Veltrix.Configuration;

namespace Veltrix.ServiceDefaults.Configuration;

/// <summary>The configuration this node runs on. It changes without a restart when a new version is published.</summary>
public interface IPlatformConfiguration
{
    /// <summary>The version in force. Cheap to read: take it once per unit of work and keep to it.</summary>
    /// <exception cref="ConfigurationUnavailableException">None has arrived yet; await <see cref="WaitAsync"/> first.</exception>
    ConfigurationVersion Current { get; }

    /// <summary>The version in force, as soon as there is one.</summary>
    Task<ConfigurationVersion> WaitAsync(CancellationToken cancellation);

    /// <summary>
    /// Raised after <see cref="Current"/> changed, on a thread of the configuration client; handlers must not block, nor
    /// fail: what may not be able to take a version over is an <see cref="IConfigurationPart"/>.
    /// </summary>
    event Action<ConfigurationVersion>? Changed;
}
