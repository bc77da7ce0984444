using System.Text.Json.Nodes;

namespace Veltrix.Configuration.Diagnoses;

/// <summary>Builds patches from paths as findings name them, for instance <c>$.clusters[0].topics[1].partitions</c>.</summary>
internal static class Fix
{
    public static IReadOnlyList<PatchOperation> Set(string path, JsonNode value) => [new("add", Pointer(path), value)];

    public static IReadOnlyList<PatchOperation> Set(params (string Path, JsonNode Value)[] members) =>
        [.. members.Select(member => new PatchOperation("add", Pointer(member.Path), member.Value))];

    public static IReadOnlyList<PatchOperation> Remove(string path) => [new("remove", Pointer(path))];

    // No member of the model has a name that a pointer would have to escape.
    internal static string Pointer(string path) =>
        path[1..].Replace('.', '/').Replace('[', '/').Replace("]", "", StringComparison.Ordinal);
}
