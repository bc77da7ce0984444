using System.Text.Json;
using Veltrix.Configuration.Options;

namespace Veltrix.Configuration.Differences;

/// <summary>
/// Compares configurations by meaning: members by name, entries of lists by what names them, so that a topic put first is
/// not a change of every topic. Two documents without a difference have the same canonical bytes.
/// </summary>
public static class SemanticDifference
{
    /// <summary>All differences, in the order of <paramref name="before"/>; what is new follows.</summary>
    public static IReadOnlyList<Difference> Between(PlatformConfiguration before, PlatformConfiguration after) =>
        Between(Element(before), Element(after));

    internal static IReadOnlyList<Difference> Between(JsonElement before, JsonElement after)
    {
        var differences = new List<Difference>();
        Compare(JsonPaths.Root, before, after, differences);
        return differences.ConvertAll(difference =>
            difference with
            {
                Unit = OptionCatalogue.At(difference.Path)?.Unit,
            }
        );
    }

    internal static JsonElement Element(PlatformConfiguration configuration) =>
        JsonSerializer.SerializeToElement(configuration, ConfigurationJson.Default.PlatformConfiguration);

    private static void Compare(string path, JsonElement before, JsonElement after, List<Difference> differences)
    {
        if (before.ValueKind == JsonValueKind.Object && after.ValueKind == JsonValueKind.Object)
            CompareMembers(path, before, after, differences);
        else if (
            before.ValueKind == JsonValueKind.Array
            && after.ValueKind == JsonValueKind.Array
            && ListEntries.TryRead(before, after) is [var old, var now]
        )
            CompareEntries(path, old, now, differences);
        else if (!JsonElement.DeepEquals(before, after))
            differences.Add(new(path, DifferenceKind.Changed, before, after));
    }

    private static void CompareMembers(string path, JsonElement before, JsonElement after, List<Difference> differences)
    {
        foreach (var member in before.EnumerateObject())
            if (after.TryGetProperty(member.Name, out var now))
                Compare(JsonPaths.Member(path, member.Name), member.Value, now, differences);
            else
                differences.Add(
                    new(JsonPaths.Member(path, member.Name), DifferenceKind.Removed, member.Value, After: null)
                );
        foreach (var member in after.EnumerateObject().Where(member => !before.TryGetProperty(member.Name, out _)))
            differences.Add(new(JsonPaths.Member(path, member.Name), DifferenceKind.Added, Before: null, member.Value));
    }

    private static void CompareEntries(string path, ListEntries before, ListEntries after, List<Difference> differences)
    {
        foreach (var name in before.Names)
            if (after.ByName.TryGetValue(name, out var now))
                Compare(ListEntries.Path(path, name), before.ByName[name], now, differences);
            else
                differences.Add(
                    new(ListEntries.Path(path, name), DifferenceKind.Removed, before.ByName[name], After: null)
                );
        foreach (var name in after.Names.Where(name => !before.ByName.ContainsKey(name)))
            differences.Add(new(ListEntries.Path(path, name), DifferenceKind.Added, Before: null, after.ByName[name]));
        CompareOrder(path, before, after, differences);
    }

    // Order has a meaning of its own: the first event type that matches wins.
    private static void CompareOrder(string path, ListEntries before, ListEntries after, List<Difference> differences)
    {
        var stayed = before.Names.Where(after.ByName.ContainsKey);
        if (!stayed.SequenceEqual(after.Names.Where(before.ByName.ContainsKey), StringComparer.Ordinal))
            differences.Add(new(path, DifferenceKind.Reordered, Names(before), Names(after)));
    }

    private static JsonElement Names(ListEntries entries) => JsonSerializer.SerializeToElement(entries.Names);
}
