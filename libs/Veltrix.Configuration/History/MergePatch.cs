using System.Text.Json;
using System.Text.Json.Nodes;

namespace Veltrix.Configuration.History;

/// <summary>JSON merge patch, RFC 7396: members replace, null removes, arrays are replaced as a whole.</summary>
public static class MergePatch
{
    /// <summary>Media type of a patch.</summary>
    public const string MediaType = "application/merge-patch+json";

    /// <summary><paramref name="target"/> with <paramref name="patch"/> applied; neither is changed.</summary>
    /// <param name="target">What is patched.</param>
    /// <param name="patch">The patch; without duplicate members.</param>
    /// <returns>The result; null stands for JSON's null.</returns>
    public static JsonNode? Apply(JsonNode? target, JsonNode? patch)
    {
        // RFC 7396, section 2: what is not an object replaces all of the target.
        if (patch is not JsonObject changes)
            return patch?.DeepClone();
        var result = target is JsonObject ? target.DeepClone().AsObject() : [];
        foreach (var (name, value) in changes)
            if (value is null)
                result.Remove(name);
            else
                result[name] = Apply(result[name], value);
        return result;
    }
}
