using System.Globalization;
using System.Runtime.CompilerServices;
using System.Text.Json;
using Veltrix.Configuration;

namespace Veltrix.Config.Watch;

/// <summary>A version as a server-sent event. Written once, however many watchers it is sent to.</summary>
internal static class VersionFrame
{
    private static readonly ConditionalWeakTable<ConfigurationVersion, byte[]> Frames = [];

    public static ReadOnlyMemory<byte> Of(ConfigurationVersion version) => Frames.GetValue(version, Write);

    private static byte[] Write(ConfigurationVersion version)
    {
        var json = JsonSerializer.SerializeToUtf8Bytes(version, ConfigurationJson.Default.ConfigurationVersion);
        using var frame = new MemoryStream(json.Length + 64);
        frame.Write("id: "u8);
        Span<byte> number = stackalloc byte[11];
        version.Number.TryFormat(number, out var digits, provider: CultureInfo.InvariantCulture);
        frame.Write(number[..digits]);
        frame.Write("\nevent: version\ndata: "u8);
        frame.Write(json);
        frame.Write("\n\n"u8);
        return frame.ToArray();
    }
}
