using System.Text.Json;

namespace Veltrix.Configuration.Differences;

/// <summary>Paths into a configuration, written as differences write them.</summary>
public static class ConfigurationPaths
{
    /// <summary>Whether <paramref name="path"/> names something in <paramref name="configuration"/>.</summary>
    public static bool Exists(PlatformConfiguration configuration, string path) =>
        All(JsonPaths.Root, SemanticDifference.Element(configuration)).Contains(path, StringComparer.Ordinal);

    /// <summary>Whether a difference at <paramref name="changed"/> changes what is at <paramref name="path"/>: it is the same place, one above, or one below.</summary>
    public static bool Touches(string changed, string path)
    {
        ArgumentNullException.ThrowIfNull(changed);
        ArgumentNullException.ThrowIfNull(path);
        return IsAtOrBelow(changed, path) || IsAtOrBelow(path, changed);
    }

    private static bool IsAtOrBelow(string path, string above) =>
        path.StartsWith(above, StringComparison.Ordinal)
        && (path.Length == above.Length || path[above.Length] is '.' or '[');

    private static IEnumerable<string> All(string path, JsonElement element)
    {
        yield return path;
        foreach (var below in Children(path, element).SelectMany(child => All(child.Path, child.Element)))
            yield return below;
    }

    private static IEnumerable<(string Path, JsonElement Element)> Children(string path, JsonElement element) =>
        element.ValueKind switch
        {
            JsonValueKind.Object => element
                .EnumerateObject()
                .Select(member => (JsonPaths.Member(path, member.Name), member.Value)),
            JsonValueKind.Array when ListEntries.TryRead(element) is [var entries] => entries.Names.Select(name =>
                (ListEntries.Path(path, name), entries.ByName[name])
            ),
            _ => [],
        };
}
