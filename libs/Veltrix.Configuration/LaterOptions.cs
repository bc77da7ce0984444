using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization.Metadata;

namespace Veltrix.Configuration;

/// <summary>
/// Options that came after the first format of the document. The canonical form leaves them out where they have their
/// default, so that a new option does not change the hash of a version that was stored without it. The price: such a
/// default can never change.
/// </summary>
internal static class LaterOptions
{
    // Optional in the first format already, and always written: their place in stored hashes stays.
    private static readonly HashSet<string> FirstFormat =
    [
        "maximumBodyBytes",
        "maximumBatchEvents",
        "maximumEventBytes",
        "maximumBytesInFlight",
        "workers",
        "maximumBatchBytes",
        "huntTimeoutMinutes",
    ];

    public static void RemoveDefaults(JsonNode? value, JsonTypeInfo type)
    {
        if (value is JsonArray items)
            foreach (var item in items)
                RemoveDefaults(item, type.Options.GetTypeInfo(type.ElementType!));
        if (value is not JsonObject members)
            return;
        foreach (var property in type.Properties)
        {
            var member = members[property.Name];
            var memberType = type.Options.GetTypeInfo(property.PropertyType);
            RemoveDefaults(member, memberType);
            if (
                property.AssociatedParameter is { HasDefaultValue: true } parameter
                && !FirstFormat.Contains(property.Name)
                && IsDefault(member, parameter.DefaultValue, memberType)
            )
                members.Remove(property.Name);
        }
    }

    // A section of which every member was removed has its default: new().
    private static bool IsDefault(JsonNode? value, object? defaultValue, JsonTypeInfo type) =>
        value is JsonObject section
            ? section.Count == 0
            : JsonNode.DeepEquals(value, JsonSerializer.SerializeToNode(defaultValue, type));
}
