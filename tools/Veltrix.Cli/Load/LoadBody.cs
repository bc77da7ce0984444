using System.Buffers;
using System.Globalization;
using System.Text.Json;

namespace Veltrix.Cli.Load;

/// <summary>Writes the bodies of one connection, each into the same buffer. Not thread-safe.</summary>
internal sealed class LoadBody(Workload workload, string source, string subjectPrefix) : IDisposable
{
    private const string TimeFormat = "yyyy-MM-dd'T'HH:mm:ss.ffffff'Z'";

    private static readonly JsonEncodedText SpecVersionName = JsonEncodedText.Encode("specversion");
    private static readonly JsonEncodedText SpecVersion = JsonEncodedText.Encode("1.0");
    private static readonly JsonEncodedText SourceName = JsonEncodedText.Encode("source");
    private static readonly JsonEncodedText TypeName = JsonEncodedText.Encode("type");
    private static readonly JsonEncodedText ContentTypeName = JsonEncodedText.Encode("datacontenttype");
    private static readonly JsonEncodedText ContentType = JsonEncodedText.Encode("application/json");
    private static readonly JsonEncodedText DataName = JsonEncodedText.Encode("data");

    private readonly ArrayBufferWriter<byte> _buffer = new();
    private readonly Utf8JsonWriter _writer = new(Stream.Null, new JsonWriterOptions { SkipValidation = true });
    private readonly JsonEncodedText _source = JsonEncodedText.Encode(source);

    /// <summary>The body for some events; valid until the next call.</summary>
    /// <param name="firstSequence">Sequence number, and id, of the first.</param>
    /// <param name="events">How many.</param>
    /// <param name="isBatch">Whether to write an array; else there must be one event.</param>
    /// <param name="time">When they are meant to be sent.</param>
    public ReadOnlyMemory<byte> Write(long firstSequence, int events, bool isBatch, DateTimeOffset time)
    {
        _buffer.ResetWrittenCount();
        _writer.Reset(_buffer);
        var timeText = JsonEncodedText.Encode(
            time.ToUniversalTime().ToString(TimeFormat, CultureInfo.InvariantCulture)
        );
        if (isBatch)
            _writer.WriteStartArray();
        for (var sequence = firstSequence; sequence < firstSequence + events; sequence++)
            WriteEvent(sequence, timeText);
        if (isBatch)
            _writer.WriteEndArray();
        _writer.Flush();
        return _buffer.WrittenMemory;
    }

    public void Dispose() => _writer.Dispose();

    private void WriteEvent(long sequence, JsonEncodedText time)
    {
        Span<byte> id = stackalloc byte[20];
        sequence.TryFormat(id, out var idLength, default, CultureInfo.InvariantCulture);
        _writer.WriteStartObject();
        _writer.WriteString(SpecVersionName, SpecVersion);
        _writer.WriteString("id"u8, id[..idLength]);
        _writer.WriteString(SourceName, _source);
        _writer.WriteString(TypeName, workload.TypeOf(sequence));
        _writer.WriteString("subject"u8, $"{subjectPrefix}{workload.SubjectOf(sequence)}");
        _writer.WriteString("time"u8, time);
        _writer.WriteString(ContentTypeName, ContentType);
        _writer.WritePropertyName(DataName);
        workload.WriteData(_writer, sequence);
        _writer.WriteEndObject();
    }
}
