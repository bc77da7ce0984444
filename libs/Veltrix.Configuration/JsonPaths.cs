using System.Globalization;

namespace Veltrix.Configuration;

/// <summary>Builds JSON paths in the dot notation of RFC 9535, brackets where a name needs them.</summary>
internal static class JsonPaths
{
    public const string Root = "$";

    public static string Member(string path, string name) =>
        name.Length > 0 && name.All(character => char.IsAsciiLetterOrDigit(character) || character == '_')
            ? $"{path}.{name}"
            : $"{path}['{name.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("'", "\\'", StringComparison.Ordinal)}']";

    public static string Item(string path, int index) =>
        string.Create(CultureInfo.InvariantCulture, $"{path}[{index}]");
}
