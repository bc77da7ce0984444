namespace Veltrix.Options.Tests.Probes;

/// <summary>Shows that one option is obeyed.</summary>
/// <param name="Path">The option, as the catalogue has it.</param>
/// <param name="Show">Fails when nothing changes; told the path, so that several options can share it.</param>
internal sealed record Probe(string Path, Func<ProbedNodes, string, Task> Show);
