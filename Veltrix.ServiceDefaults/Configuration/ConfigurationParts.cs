using System.Diagnostics.CodeAnalysis;
using Veltrix.Configuration;

namespace Veltrix.ServiceDefaults.Configuration;

/// <summary>Makes the components of a node take a version over together, or not at all.</summary>
public static class ConfigurationParts
{
    /// <summary>Has every component make <paramref name="version"/> ready, then all of them use it.</summary>
    /// <returns>Why not, and then none of them does; null when they do.</returns>
    [SuppressMessage("Design", "CA1031", Justification = "Whatever it is that fails, the version is refused for it.")]
    public static VersionRefusal? Apply(this IEnumerable<IConfigurationPart> parts, ConfigurationVersion version)
    {
        ArgumentNullException.ThrowIfNull(parts);
        ArgumentNullException.ThrowIfNull(version);
        var prepared = new List<IPreparedConfiguration>();
        try
        {
            foreach (var part in parts)
                try
                {
                    prepared.Add(part.Prepare(version));
                }
                catch (Exception failure)
                {
                    return new(version.Number, $"{part.GetType().Name} cannot take it over: {failure.Message}");
                }
            foreach (var ready in prepared)
                ready.Commit();
            return null;
        }
        finally
        {
            foreach (var ready in prepared)
                ready.Dispose();
        }
    }
}
