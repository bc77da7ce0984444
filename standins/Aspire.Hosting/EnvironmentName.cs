using System.Text.RegularExpressions;

namespace Aspire.Hosting;

/// <summary>Makes a part of an environment variable's name out of a resource's name.</summary>
internal static partial class EnvironmentName
{
    public static string Of(string name) => NotAllowed().Replace(name, "_").ToUpperInvariant();

    [GeneratedRegex("^(?=[0-9])|[^A-Za-z0-9_]", RegexOptions.None, matchTimeoutMilliseconds: 1000)]
    private static partial Regex NotAllowed();
}
