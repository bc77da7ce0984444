using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization.Metadata;

namespace Veltrix.Configuration.Options;

/// <summary>Writes <c>docs/configuration.schema.json</c>, JSON Schema 2020-12, from the model and <see cref="OptionCatalogue"/>.</summary>
public static class ConfigurationSchema
{
    private static readonly JsonSerializerOptions Readable = new()
    {
        WriteIndented = true,
        NewLine = "\n",
        // The file is read by people: no \\u0027 for an apostrophe.
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
        TypeInfoResolver = ConfigurationJson.Default,
    };

    private static readonly Dictionary<string, OptionDescriptor> Descriptors = OptionCatalogue.All.ToDictionary(
        option => option.Path,
        StringComparer.Ordinal
    );

    /// <summary>The schema, indented JSON.</summary>
    public static string Write()
    {
        var schema = new JsonObject
        {
            ["$schema"] = "https://json-schema.org/draft/2020-12/schema",
            ["title"] = "Configuration of Veltrix",
        };
        foreach (var (name, value) in Section(OptionTree.Root, ""))
            schema[name] = value?.DeepClone();
        return schema.ToJsonString(Readable) + "\n";
    }

    private static JsonObject Section(JsonTypeInfo type, string path)
    {
        var properties = new JsonObject();
        var required = new JsonArray();
        foreach (var member in OptionTree.Members(type, path))
        {
            var name = member.Path[(member.Path.LastIndexOf('.') + 1)..];
            properties[name] = member.IsSection ? OptionalSection(member) : Value(member);
            if (member.IsRequired)
                required.Add((JsonNode)name);
        }
        var section = new JsonObject { ["type"] = "object", ["properties"] = properties };
        if (required.Count > 0)
            section["required"] = required;
        section["additionalProperties"] = false;
        return section;
    }

    private static JsonObject OptionalSection(OptionMember member)
    {
        var section = Section(member.Type, member.Path);
        if (!member.IsRequired)
            section["type"] = new JsonArray("object", "null");
        return section;
    }

    private static JsonObject Value(OptionMember member)
    {
        var option = Descriptors[member.Path];
        var value = new JsonObject { ["description"] = Description(option) };
        var type = Nullable.GetUnderlyingType(member.Type.Type) ?? member.Type.Type;
        var isList = member.Type.Kind == JsonTypeInfoKind.Enumerable;
        var name = TypeName(type, isList);
        value["type"] = type == member.Type.Type ? name : new JsonArray(name, "null");
        if (type.IsEnum)
            value["enum"] = new JsonArray([.. JsonShape.NamesOf(type).Select(allowed => (JsonNode)allowed)]);
        if (isList)
            value["items"] = Section(OptionTree.Items(member.Type), $"{member.Path}[]");
        if (option.Range is { } range)
        {
            value[isList ? "minItems" : "minimum"] = range.Minimum;
            value[isList ? "maxItems" : "maximum"] = range.Maximum;
        }
        if (!member.IsRequired)
            value["default"] = member.Default?.DeepClone();
        value["examples"] = new JsonArray(JsonNode.Parse(option.Example));
        return value;
    }

    private static string TypeName(Type type, bool isList)
    {
        if (isList)
            return "array";
        if (type == typeof(bool))
            return "boolean";
        return type == typeof(string) || type.IsEnum ? "string" : "integer";
    }

    private static string Description(OptionDescriptor option) =>
        string.Join(
            ' ',
            new[]
            {
                option.Summary,
                $"Unit: {option.Unit}.",
                Effect("Latency", option.Latency),
                Effect("Throughput", option.Throughput),
                Effect("Memory", option.Memory),
                Effect("Loss", option.Loss),
            }.OfType<string>()
        );

    private static string? Effect(string name, string? text) => text is null ? null : $"{name}: {text}";
}
