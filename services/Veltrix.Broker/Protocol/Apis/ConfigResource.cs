using System.Globalization;

namespace Veltrix.Broker.Protocol.Apis;

/// <summary>Kafka's numbers for what a configuration belongs to.</summary>
internal static class ConfigResource
{
    public const sbyte Topic = 2;
    public const sbyte Broker = 4;

    public static bool IsNode(string name, int nodeId) =>
        int.TryParse(name, NumberStyles.None, CultureInfo.InvariantCulture, out var id) && id == nodeId;
}
