using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;

namespace Veltrix.Configuration;

/// <summary>
/// The canonical form of a configuration: RFC 8785 (JSON Canonicalization Scheme) for what the model holds, that is
/// objects, arrays, strings, true, false and whole numbers. Equal documents have equal bytes, whoever wrote them.
/// </summary>
public static class CanonicalJson
{
    // RFC 8785, section 3.2.2.3: numbers are IEEE 754 doubles; beyond this whole numbers are no longer exact.
    private const long LargestExactWholeNumber = (1L << 53) - 1;

    /// <summary>The canonical bytes, UTF-8.</summary>
    /// <exception cref="NotSupportedException">A number is not whole or lies beyond 2^53 - 1.</exception>
    public static byte[] Write(PlatformConfiguration configuration)
    {
        var type = ConfigurationJson.Default.PlatformConfiguration;
        var document = JsonSerializer.SerializeToNode(configuration, type)!;
        LaterOptions.RemoveDefaults(document, type);
        return Write(JsonSerializer.SerializeToElement(document, ConfigurationJson.Default.JsonNode));
    }

    /// <summary>SHA-256 of <see cref="Write(PlatformConfiguration)"/>, lower-case hexadecimal.</summary>
    public static string Hash(PlatformConfiguration configuration) =>
        Convert.ToHexStringLower(SHA256.HashData(Write(configuration)));

    internal static byte[] Write(JsonElement element)
    {
        var text = new StringBuilder();
        Append(text, element);
        return Encoding.UTF8.GetBytes(text.ToString());
    }

    private static void Append(StringBuilder text, JsonElement element)
    {
        switch (element.ValueKind)
        {
            case JsonValueKind.Object:
                text.Append('{');
                AppendMembers(text, element);
                text.Append('}');
                break;
            case JsonValueKind.Array:
                text.Append('[');
                var first = true;
                foreach (var item in element.EnumerateArray())
                {
                    if (!first)
                        text.Append(',');
                    first = false;
                    Append(text, item);
                }
                text.Append(']');
                break;
            case JsonValueKind.String:
                AppendString(text, element.GetString()!);
                break;
            case JsonValueKind.Number:
                text.Append(WholeNumber(element).ToString(CultureInfo.InvariantCulture));
                break;
            default:
                text.Append(element.GetRawText());
                break;
        }
    }

    private static void AppendMembers(StringBuilder text, JsonElement element)
    {
        var first = true;
        // Section 3.2.3: sorted by the UTF-16 code units of the names, which is what an ordinal comparison does.
        foreach (var member in element.EnumerateObject().OrderBy(member => member.Name, StringComparer.Ordinal))
        {
            if (!first)
                text.Append(',');
            first = false;
            AppendString(text, member.Name);
            text.Append(':');
            Append(text, member.Value);
        }
    }

    private static long WholeNumber(JsonElement element) =>
        element.TryGetInt64(out var number) && number is >= -LargestExactWholeNumber and <= LargestExactWholeNumber
            ? number
            : throw new NotSupportedException($"{element.GetRawText()} has no canonical form here.");

    // Section 3.2.2.2: the two-character escapes where they exist, \u00xx for the other control characters, nothing else.
    private static void AppendString(StringBuilder text, string value)
    {
        text.Append('"');
        foreach (var character in value)
            _ = character switch
            {
                '"' => text.Append("\\\""),
                '\\' => text.Append("\\\\"),
                '\b' => text.Append("\\b"),
                '\t' => text.Append("\\t"),
                '\n' => text.Append("\\n"),
                '\f' => text.Append("\\f"),
                '\r' => text.Append("\\r"),
                < ' ' => text.Append(CultureInfo.InvariantCulture, $"\\u{(int)character:x4}"),
                _ => text.Append(character),
            };
        text.Append('"');
    }
}
