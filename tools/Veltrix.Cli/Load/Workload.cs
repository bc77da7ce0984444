using System.Text.Json;
using Veltrix.Events.ReferenceWorkload;

namespace Veltrix.Cli.Load;

/// <summary>What the events of a run say. One instance serves all connections; it holds no state.</summary>
internal abstract class Workload(PayloadSize payload)
{
    public const string Hunts = "hunts";

    private static readonly JsonEncodedText Padding = JsonEncodedText.Encode("padding");

    /// <summary>Events that must stay together in one batch, in their order.</summary>
    public virtual int GroupEvents => 1;

    public abstract JsonEncodedText TypeOf(long sequence);

    /// <summary>What follows the run's prefix in the subject.</summary>
    public abstract string SubjectOf(long sequence);

    /// <summary>Writes the member <c>data</c>, padded to its intended size.</summary>
    public void WriteData(Utf8JsonWriter writer, long sequence)
    {
        writer.WriteStartObject();
        var start = writer.BytesCommitted + writer.BytesPending - 1;
        WriteMembers(writer, sequence);
        // ,"padding":"" and the closing brace are part of the size.
        const int Frame = 14;
        var missing = payload.Of(sequence) - (int)(writer.BytesCommitted + writer.BytesPending - start) - Frame;
        if (missing >= 0)
            writer.WriteString(Padding, PaddingOf(missing));
        writer.WriteEndObject();
    }

    protected abstract void WriteMembers(Utf8JsonWriter writer, long sequence);

    public static Workload For(string type, int keys, PayloadSize payload) =>
        type switch
        {
            WorkloadEventTypes.PlayerMoved => new PlayerMovedWorkload(keys, payload),
            Hunts
            or WorkloadEventTypes.HuntStarted
            or WorkloadEventTypes.ClueFound
            or WorkloadEventTypes.TreasureClaimed
            or WorkloadEventTypes.HuntAbandoned => new HuntWorkload(payload),
            _ => new OtherWorkload(type, keys, payload),
        };

    private static ReadOnlySpan<char> PaddingOf(int length) =>
        length <= PaddingText.Length ? PaddingText.AsSpan(0, length) : new string('x', length);

    private static readonly string PaddingText = new('x', 4096);
}

/// <summary>Players who move.</summary>
internal sealed class PlayerMovedWorkload(int keys, PayloadSize payload) : Workload(payload)
{
    private static readonly JsonEncodedText Type = JsonEncodedText.Encode(WorkloadEventTypes.PlayerMoved);
    private readonly string[] _players = [.. Enumerable.Range(0, keys).Select(key => $"{key}")];

    public override JsonEncodedText TypeOf(long sequence) => Type;

    public override string SubjectOf(long sequence) => _players[sequence % keys];

    protected override void WriteMembers(Utf8JsonWriter writer, long sequence)
    {
        writer.WriteNumber("latitude"u8, (sequence % 1_800) / 10m - 90);
        writer.WriteNumber("longitude"u8, (sequence % 3_600) / 10m - 180);
        writer.WriteNumber("meters"u8, sequence % 100);
    }
}

/// <summary>Whole hunts: started, three clues, claimed; the events of one hunt never leave their batch.</summary>
internal sealed class HuntWorkload(PayloadSize payload) : Workload(payload)
{
    private const int Clues = 3;
    private static readonly JsonEncodedText Started = JsonEncodedText.Encode(WorkloadEventTypes.HuntStarted);
    private static readonly JsonEncodedText Found = JsonEncodedText.Encode(WorkloadEventTypes.ClueFound);
    private static readonly JsonEncodedText Claimed = JsonEncodedText.Encode(WorkloadEventTypes.TreasureClaimed);

    public override int GroupEvents => Clues + 2;

    public override JsonEncodedText TypeOf(long sequence) =>
        (sequence % GroupEvents) switch
        {
            0 => Started,
            <= Clues => Found,
            _ => Claimed,
        };

    public override string SubjectOf(long sequence) => $"{sequence / GroupEvents}";

    protected override void WriteMembers(Utf8JsonWriter writer, long sequence)
    {
        switch (sequence % GroupEvents)
        {
            case 0:
                writer.WriteString("name"u8, "A hunt under load");
                writer.WriteNumber("clues"u8, Clues);
                break;
            case <= Clues and var clue:
                writer.WriteString("player"u8, "load");
                writer.WriteNumber("clue"u8, clue);
                break;
            default:
                writer.WriteString("player"u8, "load");
                writer.WriteNumber("points"u8, 100);
                break;
        }
    }
}

/// <summary>Any other type: data without meaning.</summary>
internal sealed class OtherWorkload(string type, int keys, PayloadSize payload) : Workload(payload)
{
    private readonly JsonEncodedText _type = JsonEncodedText.Encode(type);

    public override JsonEncodedText TypeOf(long sequence) => _type;

    public override string SubjectOf(long sequence) => $"{sequence % keys}";

    protected override void WriteMembers(Utf8JsonWriter writer, long sequence) =>
        writer.WriteNumber("sequence"u8, sequence);
}
