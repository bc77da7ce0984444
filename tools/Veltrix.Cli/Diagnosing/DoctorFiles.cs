namespace Veltrix.Cli.Diagnosing;

/// <summary>Files as the command line names them.</summary>
internal sealed record DoctorFiles(
    string Configuration,
    string? Traffic,
    string? Machine,
    string? Topology,
    string? Previous
);
