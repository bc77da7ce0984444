using System.Text.Json;
using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;
using Veltrix.Configuration;

namespace Veltrix.Config.Nodes;

/// <summary>Reads what another replica wrote; it may be of a newer release and know more members.</summary>
internal static class StoredJson
{
    private static readonly ConfigurationJson Lenient = new(
        new JsonSerializerOptions(ConfigurationJson.Default.Options)
        {
            UnmappedMemberHandling = JsonUnmappedMemberHandling.Skip,
        }
    );

    /// <summary>Null for what cannot be read at all.</summary>
    public static NodeReport? Report(string json) => Read(json, Lenient.NodeReport);

    /// <summary>Null for what cannot be read at all.</summary>
    public static NodeMinute? Minute(string json) => Read(json, Lenient.NodeMinute);

    private static T? Read<T>(string json, JsonTypeInfo<T> type)
        where T : class
    {
        try
        {
            return JsonSerializer.Deserialize(json, type);
        }
        catch (JsonException)
        {
            return null;
        }
    }
}
