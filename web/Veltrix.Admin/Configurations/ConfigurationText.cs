using System.Diagnostics.CodeAnalysis;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using Veltrix.Configuration;
using Veltrix.Configuration.History;

namespace Veltrix.Admin.Configurations;

/// <summary>The document as people read and edit it.</summary>
internal static class ConfigurationText
{
    private static readonly JsonSerializerOptions Readable = new(ConfigurationJson.Default.Options)
    {
        WriteIndented = true,
        // Names are shown as they are; the page encodes for HTML.
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };

    /// <summary>Indented JSON.</summary>
    public static string Of(PlatformConfiguration configuration) => JsonSerializer.Serialize(configuration, Readable);

    /// <summary>Reads JSON; whether it is a valid configuration is for the service to say.</summary>
    /// <param name="text">What somebody wrote.</param>
    /// <param name="document">The document.</param>
    /// <param name="mistake">Where it is no JSON, in a sentence.</param>
    public static bool TryParse(
        string text,
        [NotNullWhen(true)] out JsonElement? document,
        [NotNullWhen(false)] out string? mistake
    )
    {
        try
        {
            using var parsed = JsonDocument.Parse(text, new JsonDocumentOptions { AllowDuplicateProperties = false });
            document = parsed.RootElement.Clone();
            mistake = null;
            return true;
        }
        catch (JsonException error)
        {
            document = null;
            mistake = error.LineNumber is { } line
                ? $"Line {line + 1}, column {error.BytePositionInLine + 1}: {Sentence(error.Message)}"
                : Sentence(error.Message);
            return false;
        }
    }

    /// <summary>The workers of the processor, when the text says so.</summary>
    public static int? Workers(string text) =>
        TryParse(text, out var document, out _)
        && document.Value.ValueKind == JsonValueKind.Object
        && document.Value.TryGetProperty("processor", out var processor)
        && processor.ValueKind == JsonValueKind.Object
        && processor.TryGetProperty("workers", out var workers)
        && workers.ValueKind == JsonValueKind.Number
        && workers.TryGetInt32(out var count)
            ? count
            : null;

    /// <summary>The text with another number of workers; unchanged when it has no place for it.</summary>
    public static string WithWorkers(string text, int workers)
    {
        if (Workers(text) is null)
            return text;
        var document = JsonNode.Parse(text)!;
        document["processor"]!["workers"] = workers;
        return document.ToJsonString(Readable);
    }

    /// <summary>The document with a merge patch applied.</summary>
    public static string WithPatch(PlatformConfiguration configuration, JsonElement patch)
    {
        try
        {
            var document = JsonSerializer.SerializeToNode(configuration, Readable);
            return MergePatch.Apply(document, patch.Deserialize<JsonNode>())?.ToJsonString(Readable) ?? "null";
        }
        catch (Exception exception) when (exception is InvalidOperationException or ArgumentException)
        {
            // An escaped lone surrogate: JSON's grammar allows it (RFC 8259, section 8.2), Unicode does not.
            return Of(configuration);
        }
    }

    /// <summary>Cuts the position off, which the parser appends in its own words.</summary>
    private static string Sentence(string message)
    {
        var position = message.IndexOf(" LineNumber:", StringComparison.Ordinal);
        var text = position < 0 ? message : message[..position];
        return text.TrimEnd('.', ' ', '|') + ".";
    }
}
