using System.Security.Cryptography;
using System.Text.Json;

namespace Veltrix.Configuration;

/// <summary>
/// The canonical form of a configuration: RFC 8785 (JSON Canonicalization Scheme) for what the model holds, that is
/// objects, arrays, strings, true, false and whole numbers. Equal documents have equal bytes, whoever wrote them.
/// </summary>
/// <remarks>Every node hashes every version that it is given: the records are walked as they are, without a document between.</remarks>
public static class CanonicalJson
{
    /// <summary>The canonical bytes, UTF-8.</summary>
    /// <exception cref="NotSupportedException">A number is not whole or lies beyond 2^53 - 1.</exception>
    public static byte[] Write(PlatformConfiguration configuration)
    {
        var text = new CanonicalText();
        CanonicalType.Of(ConfigurationJson.Default.PlatformConfiguration).Append(text, configuration);
        return text.ToBytes();
    }

    /// <summary>SHA-256 of <see cref="Write(PlatformConfiguration)"/>, lower-case hexadecimal.</summary>
    public static string Hash(PlatformConfiguration configuration) => Hash(Write(configuration));

    /// <summary>SHA-256 of bytes that <see cref="Write(PlatformConfiguration)"/> gave, lower-case hexadecimal.</summary>
    public static string Hash(byte[] canonical) => Convert.ToHexStringLower(SHA256.HashData(canonical));

    internal static byte[] Write(JsonElement element)
    {
        var text = new CanonicalText();
        Append(text, element);
        return text.ToBytes();
    }

    internal static void Append(CanonicalText text, JsonElement element)
    {
        switch (element.ValueKind)
        {
            case JsonValueKind.Object:
                AppendMembers(text, element);
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
                text.AppendString(element.GetString()!);
                break;
            case JsonValueKind.Number:
                text.AppendNumber(
                    element.TryGetInt64(out var number)
                        ? number
                        : throw new NotSupportedException($"{element.GetRawText()} has no canonical form here.")
                );
                break;
            default:
                text.Append(element.GetRawText());
                break;
        }
    }

    private static void AppendMembers(CanonicalText text, JsonElement element)
    {
        text.Append('{');
        var first = true;
        // Section 3.2.3: sorted by the UTF-16 code units of the names, which is what an ordinal comparison does.
        foreach (var member in element.EnumerateObject().OrderBy(member => member.Name, StringComparer.Ordinal))
        {
            if (!first)
                text.Append(',');
            first = false;
            text.AppendString(member.Name);
            text.Append(':');
            Append(text, member.Value);
        }
        text.Append('}');
    }
}
