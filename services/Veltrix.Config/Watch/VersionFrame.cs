using System.Globalization;
using System.Runtime.CompilerServices;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Veltrix.Config.Versions;
using Veltrix.Configuration;

namespace Veltrix.Config.Watch;

/// <summary>
/// A version as a server-sent event. Written once, however many watchers it is sent to, and with the document in its
/// canonical form: a quarter of the bytes, since what has its default is left out.
/// </summary>
internal static class VersionFrame
{
    private static readonly ConditionalWeakTable<ConfigurationVersion, byte[]> Released = [];
    private static readonly ConditionalWeakTable<ConfigurationVersion, byte[]> Candidates = [];

    /// <summary>The frame; its event is <c>candidate</c> for what a rollout only tries, and <c>version</c> once it is everybody's.</summary>
    public static ReadOnlyMemory<byte> Of(MeantVersion meant) =>
        meant.IsCandidate
            ? Candidates.GetValue(meant.Version, static version => Write(version, "candidate"))
            : Released.GetValue(meant.Version, static version => Write(version, "version"));

    private static byte[] Write(ConfigurationVersion version, string type)
    {
        var json = JsonSerializer.SerializeToNode(version, ConfigurationJson.Default.ConfigurationVersion)!.AsObject();
        json["configuration"] = JsonNode.Parse(CanonicalJson.Write(version.Configuration));
        return Encoding.UTF8.GetBytes(
            string.Create(
                CultureInfo.InvariantCulture,
                $"id: {version.Number}\nevent: {type}\ndata: {json.ToJsonString()}\n\n"
            )
        );
    }
}
