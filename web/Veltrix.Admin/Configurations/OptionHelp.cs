using System.Text.RegularExpressions;
using Veltrix.Configuration.Options;

namespace Veltrix.Admin.Configurations;

/// <summary>What there is to know about the option at a path of a difference.</summary>
internal static partial class OptionHelp
{
    private static readonly Dictionary<string, OptionDescriptor> ByPath = OptionCatalogue.All.ToDictionary(
        option => option.Path,
        StringComparer.Ordinal
    );

    /// <summary>The option; null for a section or an entry of a list.</summary>
    /// <param name="path">For instance <c>$.clusters['kafka'].topics['hunts'].partitions</c>.</param>
    public static OptionDescriptor? Of(string path) =>
        ByPath.GetValueOrDefault(Entry().Replace(path, "[]").TrimStart('$', '.'));

    // ['hunts'] with \' for a quote of the name; or [0].
    [GeneratedRegex(@"\[(?:'(?:[^'\\]|\\.)*'|[0-9]+)\]", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1_000)]
    private static partial Regex Entry();
}
