using Confluent.Kafka;
using Veltrix.Events;
using Veltrix.Events.ReferenceWorkload;
using Veltrix.Processor.Consuming;

namespace Veltrix.Processor.Workflows;

/// <summary>Makes a saga's message of a record. One topic carries all types, so that a hunt's events keep their order.</summary>
internal sealed class HuntEventReader : IDeserializer<HuntEvent>
{
    /// <summary>More clues than any hunt has; bounds the saga's row.</summary>
    public const int MostClues = 1_000;

    private const int LongestText = 1_000;

    /// <summary>The types that the saga takes.</summary>
    public static readonly IReadOnlyList<string> Types =
    [
        WorkloadEventTypes.HuntStarted,
        WorkloadEventTypes.ClueFound,
        WorkloadEventTypes.TreasureClaimed,
        WorkloadEventTypes.HuntAbandoned,
    ];

    public HuntEvent Deserialize(ReadOnlySpan<byte> data, bool isNull, SerializationContext context) =>
        Read(
            new ConsumeResult<byte[], byte[]>
            {
                Message = new Message<byte[], byte[]>
                {
                    Headers = context.Headers,
                    Value = isNull ? null! : data.ToArray(),
                },
            }
        );

    /// <summary>Reads one record.</summary>
    /// <exception cref="UnusableEventException">It is none that a saga could ever take.</exception>
    public static HuntEvent Read(ConsumeResult<byte[], byte[]> result)
    {
        if (!RecordReading.TryRead(result, out var record, out var fault))
            throw new UnusableEventException(fault);
        var at = record.Time ?? record.RecordedTime ?? DateTimeOffset.UnixEpoch;
        return record.Type switch
        {
            WorkloadEventTypes.HuntStarted => Began(record, at),
            WorkloadEventTypes.ClueFound => ClueFound(record, at),
            WorkloadEventTypes.TreasureClaimed => Claimed(record, at),
            WorkloadEventTypes.HuntAbandoned => GivenUp(record, at),
            _ => new NoHuntEvent(record.Subject ?? "", record.Source, record.Id, record.Type, at),
        };
    }

    private static HuntBegan Began(in EventRecord record, DateTimeOffset at)
    {
        var data = EventData.Read(record, WorkloadJson.Default.HuntStarted);
        Demand(data.Clues is >= 1 and <= MostClues, $"clues is not between 1 and {MostClues}.");
        return new HuntBegan(
            EventData.Subject(record),
            record.Source,
            record.Id,
            record.Type,
            at,
            Text(data.Name, "name"),
            data.Clues
        );
    }

    private static HuntClueFound ClueFound(in EventRecord record, DateTimeOffset at)
    {
        var data = EventData.Read(record, WorkloadJson.Default.ClueFound);
        Demand(data.Clue is >= 1 and <= MostClues, $"clue is not between 1 and {MostClues}.");
        return new HuntClueFound(
            EventData.Subject(record),
            record.Source,
            record.Id,
            record.Type,
            at,
            Text(data.Player, "player"),
            data.Clue
        );
    }

    private static HuntTreasureClaimed Claimed(in EventRecord record, DateTimeOffset at)
    {
        var data = EventData.Read(record, WorkloadJson.Default.TreasureClaimed);
        return new HuntTreasureClaimed(
            EventData.Subject(record),
            record.Source,
            record.Id,
            record.Type,
            at,
            Text(data.Player, "player"),
            data.Points
        );
    }

    private static HuntGivenUp GivenUp(in EventRecord record, DateTimeOffset at)
    {
        var data = EventData.Read(record, WorkloadJson.Default.HuntAbandoned);
        return new HuntGivenUp(
            EventData.Subject(record),
            record.Source,
            record.Id,
            record.Type,
            at,
            Text(data.Reason, "reason")
        );
    }

    private static string Text(string text, string name)
    {
        Demand(text.Length <= LongestText, $"{name} has more than {LongestText} characters.");
        // Text in PostgreSQL has no NUL.
        Demand(!text.Contains('\0'), $"{name} holds the character U+0000.");
        return text;
    }

    private static void Demand(bool holds, string otherwise)
    {
        if (!holds)
            throw new UnusableEventException(otherwise);
    }
}
