namespace Veltrix.ServiceDefaults.Configuration;

/// <summary>No configuration has arrived yet. A request that meets it is answered with VX-9005.</summary>
public sealed class ConfigurationUnavailableException()
    : InvalidOperationException("No configuration has arrived yet.");
