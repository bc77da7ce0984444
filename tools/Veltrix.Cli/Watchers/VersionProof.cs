using System.Text.Json;
using Veltrix.Configuration;
using Veltrix.Events;

namespace Veltrix.Cli.Watchers;

/// <summary>Reads and checks what a watch brings, as every node does: its shape, its hash, its values.</summary>
/// <param name="isShared">
/// Whether nodes that were given the same bytes share the result. Simulated nodes share a machine; nodes of a platform do
/// this work side by side.
/// </param>
internal sealed class VersionProof(bool isShared)
{
    private volatile Proven? _last;

    /// <exception cref="CliException">No node takes this version.</exception>
    public ConfigurationVersion Of(byte[] bytes)
    {
        if (isShared && _last is { } last && bytes.AsSpan().SequenceEqual(last.Bytes))
            return last.Version;
        var version = JsonSerializer.Deserialize(bytes, ConfigurationJson.Default.ConfigurationVersion)!;
        if (VersionRefusal.Of(version) is { } refusal)
            throw new CliException(
                ErrorCatalogue.ServiceUnreachable,
                $"Version {version.Number} is not taken: {refusal.Reason}"
            );
        _last = new Proven(bytes, version);
        return version;
    }

    private sealed record Proven(byte[] Bytes, ConfigurationVersion Version);
}
