using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Veltrix.Configuration.Diagnoses;

/// <summary>Applies the fixes of findings.</summary>
public static class ConfigurationPatch
{
    /// <summary>A copy of <paramref name="configuration"/> with <paramref name="operations"/> applied in their order.</summary>
    /// <exception cref="InvalidOperationException">An operation names a place that is not there, or the result is no configuration.</exception>
    public static PlatformConfiguration Apply(
        PlatformConfiguration configuration,
        IReadOnlyList<PatchOperation> operations
    )
    {
        ArgumentNullException.ThrowIfNull(operations);
        var document = JsonSerializer.SerializeToNode(configuration, ConfigurationJson.Default.PlatformConfiguration)!;
        foreach (var operation in operations)
            Apply(document, operation);
        var json = JsonSerializer.SerializeToElement(document, ConfigurationJson.Default.JsonNode);
        return ConfigurationReader.Read(json, out var patched) is { Count: > 0 } errors
            ? throw new InvalidOperationException(
                $"The patch makes no configuration: {errors[0].Path}: {errors[0].Message}"
            )
            : patched!;
    }

    private static void Apply(JsonNode document, PatchOperation operation)
    {
        var steps = operation.Path.Split('/')[1..];
        var place = document;
        foreach (var step in steps[..^1])
            place = Child(place, step) ?? throw new InvalidOperationException($"There is no {operation.Path}.");
        switch (place, operation.Op)
        {
            case (JsonObject members, "add"):
                members[steps[^1]] = operation.Value?.DeepClone();
                break;
            case (JsonObject members, "remove"):
                members.Remove(steps[^1]);
                break;
            case (JsonArray items, "add") when steps[^1] == "-":
                items.Add(operation.Value?.DeepClone());
                break;
            case (JsonArray items, "add"):
                items.Insert(int.Parse(steps[^1], CultureInfo.InvariantCulture), operation.Value?.DeepClone());
                break;
            case (JsonArray items, "remove"):
                items.RemoveAt(int.Parse(steps[^1], CultureInfo.InvariantCulture));
                break;
            default:
                throw new InvalidOperationException($"\"{operation.Op}\" is not possible at {operation.Path}.");
        }
    }

    internal static JsonNode? Child(JsonNode place, string step) =>
        place is JsonArray items ? items[int.Parse(step, CultureInfo.InvariantCulture)] : place[step];
}
