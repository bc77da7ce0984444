namespace Veltrix.Configuration;

/// <summary>What one node has, and how many nodes there are. The doctor holds the rest of the document against it.</summary>
/// <param name="Cores">Processor cores of one node.</param>
/// <param name="MemoryBytes">Memory of one node, in bytes.</param>
/// <param name="FileDescriptors">Files and sockets that one process may have open (<c>ulimit -n</c>).</param>
/// <param name="DiskBytes">Disk for the records of one broker, in bytes.</param>
/// <param name="Connections">TCP connections that one node may hold, those of its clients and its own.</param>
/// <param name="IngestNodes">Nodes that run ingest.</param>
/// <param name="ProcessorNodes">Nodes that run a processor.</param>
/// <param name="Machines">Machines that all nodes, brokers, the database and the producers share; 0 where every node has its own.</param>
public sealed record LimitsConfiguration(
    int Cores = 2,
    long MemoryBytes = 4L * 1024 * 1024 * 1024,
    int FileDescriptors = 65_536,
    long DiskBytes = 100_000_000_000,
    int Connections = 20_000,
    int IngestNodes = 2,
    int ProcessorNodes = 2,
    int Machines = 0
);
