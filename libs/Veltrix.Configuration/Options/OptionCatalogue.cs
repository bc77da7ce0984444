using System.Text.RegularExpressions;

namespace Veltrix.Configuration.Options;

/// <summary>Every option of the configuration, in the order of the document.</summary>
public static partial class OptionCatalogue
{
    /// <summary>All options.</summary>
    public static IReadOnlyList<OptionDescriptor> All { get; } =
    [
        .. ClusterOptions.All,
        .. EventTypeOptions.All,
        .. IngestOptions.All,
        .. ProducerOptions.All,
        .. ProcessorOptions.All,
        .. ConsumerOptions.All,
        .. WorkflowOptions.All,
        .. LimitsOptions.All,
        .. TrafficOptions.All,
    ];

    private static readonly Dictionary<string, OptionDescriptor> ByPath = All.ToDictionary(
        option => option.Path,
        StringComparer.Ordinal
    );

    /// <summary>The option at a place of a document; null for a section or an entry of a list.</summary>
    /// <param name="path">As findings and differences write it, for instance <c>$.clusters['kafka'].topics['hunts'].partitions</c>.</param>
    public static OptionDescriptor? At(string path) =>
        ByPath.GetValueOrDefault(Entry().Replace(path, "[]").TrimStart('$', '.'));

    // ['hunts'] with \' for a quote of the name; or [0].
    [GeneratedRegex(@"\[(?:'(?:[^'\\]|\\.)*'|[0-9]+)\]", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1_000)]
    private static partial Regex Entry();
}
