using System.Text.Json;

namespace Veltrix.Configuration.Differences;

/// <summary>
/// The entries of a list by what names them: the member <c>name</c> (clusters, topics) or <c>type</c> (event types), when all
/// of them have it and no two have the same.
/// </summary>
internal sealed class ListEntries
{
    private static readonly string[] NamingMembers = ["name", "type"];

    private ListEntries(IReadOnlyList<string> names, IReadOnlyDictionary<string, JsonElement> byName) =>
        (Names, ByName) = (names, byName);

    /// <summary>The names, in the list's order.</summary>
    public IReadOnlyList<string> Names { get; }

    public IReadOnlyDictionary<string, JsonElement> ByName { get; }

    /// <summary>The path of an entry, its name quoted.</summary>
    public static string Path(string listPath, string name) =>
        $"{listPath}['{name.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("'", "\\'", StringComparison.Ordinal)}']";

    /// <summary>Reads lists by the first member that names the entries of all of them; null when there is none.</summary>
    public static ListEntries[]? TryRead(params JsonElement[] lists)
    {
        foreach (var member in NamingMembers)
        {
            var read = lists.Select(list => TryRead(list, member)).ToList();
            if (read.TrueForAll(entries => entries is not null))
                return [.. read.Select(entries => entries!)];
        }
        return null;
    }

    private static ListEntries? TryRead(JsonElement list, string member)
    {
        var names = new List<string>();
        var byName = new Dictionary<string, JsonElement>(StringComparer.Ordinal);
        foreach (var entry in list.EnumerateArray())
        {
            if (
                entry.ValueKind != JsonValueKind.Object
                || !entry.TryGetProperty(member, out var value)
                || value.ValueKind != JsonValueKind.String
                || !byName.TryAdd(value.GetString()!, entry)
            )
                return null;
            names.Add(value.GetString()!);
        }
        return new(names, byName);
    }
}
