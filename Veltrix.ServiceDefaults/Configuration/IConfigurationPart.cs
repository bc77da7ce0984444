using Veltrix.Configuration;

namespace Veltrix.ServiceDefaults.Configuration;

/// <summary>
/// A component of the node that has to make something ready for a version, and may not be able to. Registered as a service, it is asked
/// before the version comes into force: either all of them take it over, or the node refuses it and stays whole on the one before.
/// </summary>
public interface IConfigurationPart
{
    /// <summary>Makes ready what <paramref name="version"/> needs, without using it yet. One caller at a time; must not block.</summary>
    /// <exception cref="Exception">The component cannot take the version; the message is the reason that the fleet is shown.</exception>
    IPreparedConfiguration Prepare(ConfigurationVersion version);
}

/// <summary>What a component has made ready. Disposed without a commit it is given up; after one, disposing does nothing.</summary>
public interface IPreparedConfiguration : IDisposable
{
    /// <summary>Uses it from now on. Whatever can fail has been done before.</summary>
    void Commit();
}
