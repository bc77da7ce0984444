namespace Veltrix.Configuration.Options;

internal static class LimitsOptions
{
    public static readonly IReadOnlyList<OptionDescriptor> All =
    [
        new("limits.cores", "cores", OptionRange.Of(ConfigurationLimits.Cores), "Processor cores of one node.")
        {
            Example = "8",
        },
        new("limits.memoryBytes", "bytes", OptionRange.Of(ConfigurationLimits.MemoryBytes), "Memory of one node.")
        {
            Example = "8589934592",
        },
        new(
            "limits.fileDescriptors",
            "descriptors",
            OptionRange.Of(ConfigurationLimits.FileDescriptors),
            "Files and sockets that one process may have open (ulimit -n)."
        )
        {
            Example = "65536",
        },
        new(
            "limits.diskBytes",
            "bytes",
            OptionRange.Of(ConfigurationLimits.DiskBytes),
            "Disk for the records of one broker."
        )
        {
            Example = "500000000000",
        },
        new(
            "limits.connections",
            "connections",
            OptionRange.Of(ConfigurationLimits.Connections),
            "TCP connections that one node may hold."
        )
        {
            Example = "20000",
        },
        new("limits.ingestNodes", "nodes", OptionRange.Of(ConfigurationLimits.Nodes), "Nodes that run ingest.")
        {
            Example = "3",
        },
        new("limits.processorNodes", "nodes", OptionRange.Of(ConfigurationLimits.Nodes), "Nodes that run a processor.")
        {
            Example = "3",
        },
        new(
            "limits.machines",
            "machines",
            OptionRange.Of(ConfigurationLimits.Machines),
            "Machines that all nodes, brokers, the database and the producers share; 0 where every node has its own."
        )
        {
            Example = "1",
        },
    ];
}
