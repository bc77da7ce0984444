using System.Text.Json;
using System.Text.Json.Nodes;

namespace Veltrix.Configuration.Diagnoses;

/// <summary>Builds patches from paths as findings name them, for instance <c>$.clusters[0].topics[1].partitions</c>.</summary>
internal static class Fix
{
    public static IReadOnlyList<PatchOperation> Set(string path, JsonNode value) => [new("add", Pointer(path), value)];

    public static IReadOnlyList<PatchOperation> Set(params (string Path, JsonNode Value)[] members) =>
        [.. members.Select(member => new PatchOperation("add", Pointer(member.Path), member.Value))];

    public static IReadOnlyList<PatchOperation> Remove(string path) => [new("remove", Pointer(path))];

    public static PatchOperation AddTopic(int cluster, TopicConfiguration topic) =>
        new(
            "add",
            $"/clusters/{cluster}/topics/-",
            JsonSerializer.SerializeToNode(topic, ConfigurationJson.Default.TopicConfiguration)
        );

    public static PatchOperation InsertType(int index, EventTypeConfiguration entry) =>
        new(
            "add",
            $"/eventTypes/{index}",
            JsonSerializer.SerializeToNode(entry, ConfigurationJson.Default.EventTypeConfiguration)
        );

    // No member of the model has a name that a pointer would have to escape.
    internal static string Pointer(string path) =>
        path[1..].Replace('.', '/').Replace('[', '/').Replace("]", "", StringComparison.Ordinal);
}
