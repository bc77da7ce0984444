namespace Veltrix.Configuration.Capacity;

/// <summary>What one node needs in the worst case that the document allows.</summary>
/// <param name="MemoryBytes">Memory, bytes.</param>
/// <param name="Descriptors">Files and sockets.</param>
/// <param name="Connections">TCP connections.</param>
/// <param name="Arithmetic">How the memory was computed.</param>
public sealed record NodeNeed(double MemoryBytes, double Descriptors, double Connections, string Arithmetic);
