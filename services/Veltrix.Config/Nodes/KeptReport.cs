using System.Text.Json;

namespace Veltrix.Config.Nodes;

/// <summary>One report as it came in.</summary>
/// <param name="ReceivedAt">When, by the <see cref="FleetClock"/>.</param>
/// <param name="Json">The report as the node wrote it, a valid <see cref="Configuration.NodeReport"/>.</param>
internal readonly record struct KeptReport(DateTimeOffset ReceivedAt, byte[] Json)
{
    /// <summary>Writes a <see cref="Configuration.ReceivedReport"/>.</summary>
    public void Write(Utf8JsonWriter json)
    {
        json.WriteStartObject();
        json.WriteString("receivedAt"u8, ReceivedAt);
        json.WritePropertyName("report"u8);
        json.WriteRawValue(Json, skipInputValidation: true);
        json.WriteEndObject();
    }
}
