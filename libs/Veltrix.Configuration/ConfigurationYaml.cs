using System.Buffers;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.RegularExpressions;
using YamlDotNet.Core;
using YamlDotNet.Core.Events;

namespace Veltrix.Configuration;

/// <summary>
/// Turns YAML into the JSON that it stands for, so that one reader judges both. Plain <c>null</c>, <c>~</c>, <c>true</c>,
/// <c>false</c> and JSON's numbers are what they are in JSON, everything else is text (YAML 1.2.2, section 10.2, with
/// text where that schema has errors). What could unfold or hide something is refused: anchors, aliases, tags, a second
/// document, keys that are no text. Members keep their order and stand as often as in the text.
/// </summary>
public static partial class ConfigurationYaml
{
    /// <summary>Media type of YAML (RFC 9512).</summary>
    public const string MediaType = "application/yaml";

    /// <summary>What YAML was sent as before RFC 9512.</summary>
    public const string EarlierMediaType = "application/x-yaml";

    // As System.Text.Json has it; a reader that calls itself for each level needs a limit.
    private const int DeepestNesting = 64;

    private static readonly UTF8Encoding StrictUtf8 = new(
        encoderShouldEmitUTF8Identifier: false,
        throwOnInvalidBytes: true
    );

    // The JSON is read again at once, and never stands in a page: no need to escape more than JSON's grammar wants.
    private static readonly JsonWriterOptions WriterOptions = new()
    {
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };

    /// <summary>Whether a media type, without its parameters, is one of YAML's.</summary>
    public static bool IsMediaType(ReadOnlySpan<char> mediaType) =>
        mediaType.Equals(MediaType, StringComparison.OrdinalIgnoreCase)
        || mediaType.Equals(EarlierMediaType, StringComparison.OrdinalIgnoreCase);

    /// <summary>Whether the name of a file says that it is YAML.</summary>
    public static bool IsFileName(string name) => Path.GetExtension(name).ToLowerInvariant() is ".yaml" or ".yml";

    /// <summary>The JSON, UTF-8; at most six times as long as <paramref name="utf8Yaml"/>.</summary>
    /// <param name="utf8Yaml">One document; without any it stands for <c>null</c>.</param>
    /// <exception cref="FormatException">It is not YAML in UTF-8, or YAML that is not taken; the message names the line.</exception>
    public static ReadOnlyMemory<byte> ToJson(ReadOnlySpan<byte> utf8Yaml)
    {
        var parser = new Parser(new StringReader(Text(utf8Yaml)));
        try
        {
            var json = new ArrayBufferWriter<byte>();
            using (var writer = new Utf8JsonWriter(json, WriterOptions))
                WriteStream(parser, writer);
            return json.WrittenMemory;
        }
        catch (YamlException exception)
        {
            throw new FormatException($"line {exception.Start.Line}: {exception.Message}", exception);
        }
        catch (InvalidOperationException exception)
        {
            // YamlDotNet 16.3 answers some broken plain scalars with a bare one.
            throw new FormatException($"line {parser.Current?.End.Line ?? 1}: It cannot be parsed.", exception);
        }
    }

    private static string Text(ReadOnlySpan<byte> utf8)
    {
        try
        {
            return StrictUtf8.GetString(utf8.StartsWith(Encoding.UTF8.Preamble) ? utf8[3..] : utf8);
        }
        catch (DecoderFallbackException exception)
        {
            throw new FormatException($"byte {exception.Index} is not UTF-8.", exception);
        }
    }

    private static void WriteStream(Parser parser, Utf8JsonWriter writer)
    {
        parser.Consume<StreamStart>();
        if (!parser.TryConsume<DocumentStart>(out _))
        {
            writer.WriteNullValue();
            return;
        }
        WriteValue(parser, writer, depth: 0);
        parser.Consume<DocumentEnd>();
        if (parser.Accept<DocumentStart>(out var second))
            throw Refusal(second, "A second document is not taken.");
    }

    private static void WriteValue(Parser parser, Utf8JsonWriter writer, int depth)
    {
        var current = parser.Consume<ParsingEvent>();
        Check(current, depth);
        switch (current)
        {
            case Scalar scalar:
                WriteScalar(scalar, writer);
                break;
            case SequenceStart:
                writer.WriteStartArray();
                while (!parser.TryConsume<SequenceEnd>(out _))
                    WriteValue(parser, writer, depth + 1);
                writer.WriteEndArray();
                break;
            default:
                writer.WriteStartObject();
                while (!parser.TryConsume<MappingEnd>(out _))
                {
                    WriteName(parser, writer);
                    WriteValue(parser, writer, depth + 1);
                }
                writer.WriteEndObject();
                break;
        }
    }

    private static void WriteName(Parser parser, Utf8JsonWriter writer)
    {
        var name = parser.Consume<ParsingEvent>();
        Check(name, depth: 0);
        writer.WritePropertyName(name is Scalar scalar ? scalar.Value : throw Refusal(name, "A key must be text."));
    }

    // An empty plain scalar, as in `key:`, is null, too.
    private static void WriteScalar(Scalar scalar, Utf8JsonWriter writer)
    {
        if (scalar.Style != ScalarStyle.Plain)
            writer.WriteStringValue(scalar.Value);
        else if (scalar.Value is "" or "~" or "null")
            writer.WriteNullValue();
        else if (scalar.Value is "true" or "false" || JsonNumber().IsMatch(scalar.Value))
            writer.WriteRawValue(scalar.Value);
        else
            writer.WriteStringValue(scalar.Value);
    }

    private static void Check(ParsingEvent current, int depth)
    {
        if (current is AnchorAlias)
            throw Refusal(current, "Aliases are not taken.");
        if (current is not NodeEvent node)
            throw Refusal(current, "A value is missing.");
        if (!node.Anchor.IsEmpty)
            throw Refusal(current, "Anchors are not taken.");
        if (!node.Tag.IsEmpty && !node.Tag.IsNonSpecific)
            throw Refusal(current, "Tags are not taken.");
        if (depth >= DeepestNesting && node is not Scalar)
            throw Refusal(current, $"Nested deeper than {DeepestNesting} levels.");
    }

    private static YamlException Refusal(ParsingEvent at, string why) => new(at.Start, at.End, why);

    // RFC 8259, section 6.
    [GeneratedRegex(
        @"^-?(0|[1-9][0-9]*)(\.[0-9]+)?([eE][-+]?[0-9]+)?\z",
        RegexOptions.ExplicitCapture,
        matchTimeoutMilliseconds: 1_000
    )]
    private static partial Regex JsonNumber();
}
