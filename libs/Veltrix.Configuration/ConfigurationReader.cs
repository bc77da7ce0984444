using System.Text.Json;
using System.Text.Json.Serialization.Metadata;

namespace Veltrix.Configuration;

/// <summary>Reads JSON of the configuration's records and says everything that is wrong with it at once.</summary>
public static class ConfigurationReader
{
    /// <summary>Reads a configuration document: its shape first, then, if that is right, its values.</summary>
    /// <param name="json">The document.</param>
    /// <param name="configuration">The configuration when the result is empty, else null.</param>
    /// <returns>All errors; none when the document is acceptable.</returns>
    public static IReadOnlyList<ConfigurationError> Read(JsonElement json, out PlatformConfiguration? configuration)
    {
        var errors = Read(json, ConfigurationJson.Default.PlatformConfiguration, out configuration);
        if (configuration is not null && ConfigurationValidator.Validate(configuration) is { Count: > 0 } refused)
        {
            configuration = null;
            return refused;
        }
        return errors;
    }

    /// <summary>Reads a record of <see cref="ConfigurationJson"/>; only its shape is checked.</summary>
    /// <param name="json">The value.</param>
    /// <param name="type">Its type, for instance <c>ConfigurationJson.Default.NodeReport</c>.</param>
    /// <param name="value">The record when the result is empty, else null.</param>
    /// <returns>All errors.</returns>
    public static IReadOnlyList<ConfigurationError> Read<T>(JsonElement json, JsonTypeInfo<T> type, out T? value)
        where T : class
    {
        var errors = JsonShape.Check(json, type);
        value = errors.Count == 0 ? json.Deserialize(type) : null;
        return errors;
    }

    /// <summary>Reads a configuration document from its bytes.</summary>
    /// <param name="utf8Json">The document in UTF-8.</param>
    /// <param name="configuration">The configuration when the result is empty, else null.</param>
    /// <returns>All errors; one for the root when the bytes are not JSON at all.</returns>
    public static IReadOnlyList<ConfigurationError> Read(
        ReadOnlyMemory<byte> utf8Json,
        out PlatformConfiguration? configuration
    )
    {
        try
        {
            using var document = JsonDocument.Parse(utf8Json);
            return Read(document.RootElement, out configuration);
        }
        catch (JsonException exception)
        {
            configuration = null;
            return [new(JsonPaths.Root, $"The document is not JSON: {exception.Message}")];
        }
    }
}
