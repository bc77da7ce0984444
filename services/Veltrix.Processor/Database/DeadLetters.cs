using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Unicode;
using Confluent.Kafka;
using Npgsql;
using NpgsqlTypes;
using Veltrix.Events;

namespace Veltrix.Processor.Database;

/// <summary>A record that cannot be handled, and why.</summary>
internal readonly record struct DeadLetter(ConsumeResult<byte[], byte[]> Record, EventFault Fault);

/// <summary>Keeps what could not be handled, byte for byte, where an operator can find it.</summary>
internal static class DeadLetters
{
    private const int LongestCause = 2_000;

    private const string Insert = """
        INSERT INTO dead_letters (purpose, topic, partition, record_offset, code, cause, headers, key, value)
        SELECT $1::purpose, letter.*
        FROM unnest($2, $3, $4, $5, $6, $7, $8, $9)
            AS letter (topic, partition, record_offset, code, cause, headers, key, value)
        ON CONFLICT DO NOTHING
        """;

    private static readonly JsonWriterOptions Format = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    public static NpgsqlBatchCommand InsertAll(string purpose, IReadOnlyList<DeadLetter> letters)
    {
        var records = letters.Select(letter => letter.Record).ToArray();
        return new NpgsqlBatchCommand(Insert)
        {
            Parameters =
            {
                Parameter.Purpose(purpose),
                Parameter.Array([.. records.Select(record => record.Topic)]),
                Parameter.Array([.. records.Select(record => record.Partition.Value)]),
                Parameter.Array([.. records.Select(record => record.Offset.Value)]),
                Parameter.Array([.. letters.Select(letter => letter.Fault.Error.Code)]),
                Parameter.Array([.. letters.Select(letter => Cause(letter.Fault.Detail))]),
                Parameter.Array([.. records.Select(Headers)], NpgsqlDbType.Json),
                Parameter.Array([.. records.Select(record => record.Message.Key)]),
                Parameter.Array([.. records.Select(record => record.Message.Value)]),
            },
        };
    }

    private static string Cause(string detail)
    {
        var text = detail.Replace('\0', '\uFFFD');
        return text.Length <= LongestCause ? text : text[..LongestCause];
    }

    /// <summary>
    /// An array, because names repeat: <c>[{"name":"ce_id","value":"1"},{"name":"x","base64":"/w=="}]</c>; bytes that
    /// are no UTF-8 stand as base64.
    /// </summary>
    private static string Headers(ConsumeResult<byte[], byte[]> record)
    {
        using var buffer = new MemoryStream();
        using (var writer = new Utf8JsonWriter(buffer, Format))
        {
            writer.WriteStartArray();
            foreach (var header in record.Message.Headers)
            {
                var value = header.GetValueBytes();
                writer.WriteStartObject();
                writer.WriteString("name", header.Key);
                if (value is null)
                    writer.WriteNull("value");
                else if (Utf8.IsValid(value))
                    writer.WriteString("value", value);
                else
                    writer.WriteBase64String("base64", value);
                writer.WriteEndObject();
            }
            writer.WriteEndArray();
        }
        return Encoding.UTF8.GetString(buffer.GetBuffer(), 0, (int)buffer.Length);
    }
}
