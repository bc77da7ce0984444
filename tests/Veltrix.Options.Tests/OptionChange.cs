using System.Text.Json;
using System.Text.Json.Nodes;
using Veltrix.Configuration;

namespace Veltrix.Options.Tests;

/// <summary>A configuration with one option other than before, by its path in the catalogue; of a list, in the first entry.</summary>
internal static class OptionChange
{
    public static JsonNode? ValueOf(this PlatformConfiguration configuration, string path)
    {
        return Holder(Document(configuration), path)[Name(path)];
    }

    public static PlatformConfiguration With(this PlatformConfiguration configuration, string path, JsonNode? value)
    {
        var document = Document(configuration);
        Holder(document, path)[Name(path)] = value;
        return document.Deserialize(ConfigurationJson.Default.PlatformConfiguration)!;
    }

    private static JsonNode Document(PlatformConfiguration configuration) =>
        JsonSerializer.SerializeToNode(configuration, ConfigurationJson.Default.PlatformConfiguration)!;

    private static string Name(string path) => path[(path.LastIndexOf('.') + 1)..];

    private static JsonNode Holder(JsonNode document, string path)
    {
        var place = document;
        foreach (var step in path.Split('.')[..^1])
            place = step.EndsWith("[]", StringComparison.Ordinal) ? place[step[..^2]]![0]! : place[step]!;
        return place;
    }
}
