namespace Veltrix.Configuration.Options;

/// <summary>Every option of the configuration, in the order of the document.</summary>
public static class OptionCatalogue
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
}
