using System.Globalization;
using System.Text.Json;
using Veltrix.Events.ReferenceWorkload;

namespace Veltrix.Cli.Hunts;

/// <summary>Writes the events of whole hunts, in the order in which they happen.</summary>
internal sealed class HuntScript(string source, string huntPrefix, int players, int clues)
{
    private const int Points = 100;

    public int EventsOfOneHunt => clues + 2;

    public string HuntId(int hunt) => string.Create(CultureInfo.InvariantCulture, $"{huntPrefix}{hunt}");

    /// <summary>A JSON array with all events of some hunts.</summary>
    public byte[] Write(int firstHunt, int hunts, DateTimeOffset time)
    {
        using var body = new MemoryStream();
        using (var writer = new Utf8JsonWriter(body))
        {
            writer.WriteStartArray();
            for (var hunt = firstHunt; hunt < firstHunt + hunts; hunt++)
                WriteHunt(writer, hunt, time);
            writer.WriteEndArray();
        }
        return body.ToArray();
    }

    private void WriteHunt(Utf8JsonWriter writer, int hunt, DateTimeOffset time)
    {
        var step = 0;
        Write(
            WorkloadEventTypes.HuntStarted,
            () =>
                JsonSerializer.Serialize(
                    writer,
                    new HuntStarted($"Hunt {hunt}", clues),
                    WorkloadJson.Default.HuntStarted
                )
        );
        for (var clue = 1; clue <= clues; clue++)
        {
            var found = new ClueFound(Player(hunt + clue), clue);
            Write(
                WorkloadEventTypes.ClueFound,
                () => JsonSerializer.Serialize(writer, found, WorkloadJson.Default.ClueFound)
            );
        }
        Write(
            WorkloadEventTypes.TreasureClaimed,
            () =>
                JsonSerializer.Serialize(
                    writer,
                    new TreasureClaimed(Player(hunt + clues), Points),
                    WorkloadJson.Default.TreasureClaimed
                )
        );

        void Write(string type, Action writeData)
        {
            writer.WriteStartObject();
            writer.WriteString("specversion"u8, "1.0");
            writer.WriteString("id"u8, string.Create(CultureInfo.InvariantCulture, $"{hunt}-{step++}"));
            writer.WriteString("source"u8, source);
            writer.WriteString("type"u8, type);
            writer.WriteString("subject"u8, HuntId(hunt));
            writer.WriteString("time"u8, time);
            writer.WriteString("datacontenttype"u8, "application/json");
            writer.WritePropertyName("data"u8);
            writeData();
            writer.WriteEndObject();
        }
    }

    private string Player(int turn) =>
        string.Create(CultureInfo.InvariantCulture, $"{huntPrefix}player-{turn % players}");
}
