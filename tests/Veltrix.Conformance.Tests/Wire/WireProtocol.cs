namespace Veltrix.Conformance.Tests.Wire;

/// <summary>Reads protocol.txt: a description of Kafka's protocol that the broker's own codecs know nothing of.</summary>
internal static class WireProtocol
{
    private static readonly Lazy<Dictionary<string, WireApi>> All = new(Load);

    public static IReadOnlyCollection<WireApi> Apis => All.Value.Values;

    public static WireApi Api(string name) => All.Value[name];

    private static Dictionary<string, WireApi> Load()
    {
        using var stream = typeof(WireProtocol).Assembly.GetManifestResourceStream("protocol.txt")!;
        using var reader = new StreamReader(stream);
        var apis = new Dictionary<string, WireApi>(StringComparer.Ordinal);
        WireApi? api = null;
        // The lists that fields of each depth belong to.
        var lists = new List<List<WireField>>();
        while (reader.ReadLine() is { } line)
        {
            if (line.StartsWith('#'))
                continue;
            var words = line.Split(' ', StringSplitOptions.RemoveEmptyEntries);
            if (words[0] == "api")
                apis[words[1]] = api = new WireApi(words[1], short.Parse(words[2]), VersionRange.Parse(words[4]).First);
            else if (words is ["request" or "response"])
                lists = [words[0] == "request" ? api!.Request : api!.Response];
            else
                Add(lists, (line.Length - line.TrimStart().Length) / 2 - 2, words);
        }
        return apis;
    }

    private static void Add(List<List<WireField>> lists, int depth, string[] words)
    {
        var field = new WireField(
            words[0],
            words[1].Replace("[]", "", StringComparison.Ordinal),
            words[1].EndsWith("[]", StringComparison.Ordinal),
            VersionRange.Parse(words[2]),
            VersionRange.Parse(After(words, "null") ?? "-"),
            After(words, "tag") is { } tag ? int.Parse(tag) : null
        );
        lists[depth].Add(field);
        lists.RemoveRange(depth + 1, lists.Count - depth - 1);
        lists.Add(field.Children);
    }

    private static string? After(string[] words, string name)
    {
        var index = Array.IndexOf(words, name, 3);
        return index < 0 ? null : words[index + 1];
    }
}
