namespace Veltrix.Cli.Diagnosing;

/// <summary>Files as the command line names them; the topology may also be the address of a running Kafka.</summary>
internal sealed record DoctorFiles(
    string Configuration,
    string? Traffic,
    string? Machine,
    string? Topology,
    string? Previous
);
