using System.Globalization;
using System.Runtime.CompilerServices;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Veltrix.Configuration;

namespace Veltrix.Config.Watch;

/// <summary>
/// A version as a server-sent event. Written once, however many watchers it is sent to, and with the document in its
/// canonical form: a quarter of the bytes, since what has its default is left out.
/// </summary>
internal static class VersionFrame
{
    private static readonly ConditionalWeakTable<ConfigurationVersion, byte[]> Frames = [];

    public static ReadOnlyMemory<byte> Of(ConfigurationVersion version) => Frames.GetValue(version, Write);

    private static byte[] Write(ConfigurationVersion version)
    {
        var json = JsonSerializer.SerializeToNode(version, ConfigurationJson.Default.ConfigurationVersion)!.AsObject();
        json["configuration"] = JsonNode.Parse(CanonicalJson.Write(version.Configuration));
        return Encoding.UTF8.GetBytes(
            string.Create(
                CultureInfo.InvariantCulture,
                $"id: {version.Number}\nevent: version\ndata: {json.ToJsonString()}\n\n"
            )
        );
    }
}
