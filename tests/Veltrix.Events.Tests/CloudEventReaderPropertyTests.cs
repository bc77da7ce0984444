using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using FsCheck;
using FsCheck.Fluent;

namespace Veltrix.Events.Tests;

public sealed class CloudEventReaderPropertyTests
{
    private static readonly byte[] Sample = Encoding.UTF8.GetBytes(
        """
        [{"specversion":"1.0","id":"1","source":"/tests","type":"t","time":"2026-11-21T01:02:03Z","level":7,"data":{"a":[1,"\u00e9"]}},
        {"specversion":"1.0","id":"2","source":"/tests","type":"t","subject":"zo\u00eb","flag":true,"data_base64":"aGVsbG8="},
        {"specversion":"1.0","id":"3","source":"/tests","type":"t","datacontenttype":"text/plain","data":"räk\n"}]
        """
    );

    /// <summary>Texts that CloudEvents allows, of every plane, with what JSON has to escape.</summary>
    private static readonly Gen<string> Text = Gen.Frequency(
            (6, Gen.Choose(' ', '~')),
            (2, Gen.Choose(0xA0, 0xD7FF)),
            (1, Gen.Choose(0x10000, 0x1FFFD)),
            (1, Gen.Elements<int>('"', '\\', '/'))
        )
        .Select(char.ConvertFromUtf32)
        .NonEmptyListOf()
        .Select(string.Concat);

    [Fact]
    public void ReadBatch_AnyEvents_RoundTrip() =>
        Prop.ForAll(
                Zip(Text, Text, Text).ListOf().ToArbitrary(),
                ArbMap.Default.ArbFor<bool>(),
                (events, isRelaxed) =>
                {
                    var reader = new CloudEventReader();
                    reader.ReadBatch(Write(events, isRelaxed), 1_000).ShouldBeNull();
                    reader.Count.ShouldBe(events.Count);
                    for (var index = 0; index < events.Count; index++)
                    {
                        var item = reader[index];
                        var (id, subject, data) = events[index];
                        item.Fault.ShouldBeNull();
                        Encoding.UTF8.GetString(item.Id).ShouldBe(id);
                        Encoding.UTF8.GetString(item.Subject).ShouldBe(subject);
                        CloudEventReaderTests.Attributes(item).ShouldContain($"note={data}");
                        JsonDocument.Parse(item.Data.ToArray()).RootElement.GetProperty(id).GetString().ShouldBe(data);
                    }
                }
            )
            .QuickCheckThrowOnFailure();

    [Fact]
    public void ReadBatch_AnyBytesChanged_GivesValidEventsOrFaults() =>
        Prop.ForAll(
                Gen.Zip(Gen.Choose(0, Sample.Length - 1), ArbMap.Default.GeneratorFor<byte>())
                    .NonEmptyListOf()
                    .Resize(4)
                    .ToArbitrary(),
                changes =>
                {
                    var body = Sample.ToArray();
                    foreach (var (position, value) in changes)
                        body[position] = value;
                    ShouldBeValidOrRefused(body);
                }
            )
            .Check(Config.QuickThrowOnFailure.WithMaxTest(2_000));

    [Fact]
    public void ReadBatch_CutAnywhere_IsMalformed()
    {
        for (var length = 0; length < Sample.Length; length++)
        {
            var fault = new CloudEventReader().ReadBatch(Sample.AsMemory(0, length), 10).ShouldNotBeNull();
            fault.Error.ShouldBe(ErrorCatalogue.MalformedJson);
        }
    }

    [Fact]
    public void ReadBatch_ControlByteAnywhere_IsMalformedAtThatByte()
    {
        for (var position = 0; position < Sample.Length; position++)
        {
            // In the middle of a sequence of UTF-8 it is the sequence that is broken.
            if ((Sample[position] & 0xC0) == 0x80)
                continue;
            byte[] body = [.. Sample.AsSpan(0, position), 1, .. Sample.AsSpan(position)];

            var fault = new CloudEventReader().ReadBatch(body, 10).ShouldNotBeNull();

            fault.Error.ShouldBe(ErrorCatalogue.MalformedJson);
            fault.Detail.ShouldContain($"byte {position}:", customMessage: Encoding.UTF8.GetString(body));
        }
    }

    [Fact]
    public void ReadEvent_AnyBytes_NeverThrows() =>
        Prop.ForAll(ArbMap.Default.ArbFor<byte[]>(), ShouldBeValidOrRefused)
            .Check(Config.QuickThrowOnFailure.WithMaxTest(2_000));

    private static void ShouldBeValidOrRefused(byte[] body)
    {
        var reader = new CloudEventReader();
        if (reader.ReadBatch(body, 10) is not null)
        {
            reader.Count.ShouldBe(0);
            return;
        }
        for (var index = 0; index < reader.Count; index++)
        {
            var item = reader[index];
            if (item.Fault is { } fault)
            {
                fault.Detail.ShouldNotBeEmpty();
                continue;
            }
            item.Id.IsEmpty.ShouldBeFalse();
            item.Source.IsEmpty.ShouldBeFalse();
            item.Type.IsEmpty.ShouldBeFalse();
            item.Key.IsEmpty.ShouldBeFalse();
            foreach (var attribute in item)
                attribute.Name.ContainsAnyExcept("abcdefghijklmnopqrstuvwxyz0123456789"u8).ShouldBeFalse();
            if (!item.Time.IsEmpty)
                Rfc3339.TryParse(item.Time, out _).ShouldBeTrue();
        }
    }

    private static Gen<(string, string, string)> Zip(Gen<string> first, Gen<string> second, Gen<string> third) =>
        from a in first
        from b in second
        from c in third
        select (a, b, c);

    private static byte[] Write(IReadOnlyList<(string Id, string Subject, string Data)> events, bool isRelaxed)
    {
        using var stream = new MemoryStream();
        // One encoder escapes nearly everything, the other nearly nothing.
        var encoder = isRelaxed ? JavaScriptEncoder.UnsafeRelaxedJsonEscaping : JavaScriptEncoder.Default;
        using (var json = new Utf8JsonWriter(stream, new JsonWriterOptions { Encoder = encoder, Indented = isRelaxed }))
        {
            json.WriteStartArray();
            foreach (var (id, subject, data) in events)
            {
                json.WriteStartObject();
                json.WriteStartObject("data");
                json.WriteString(id, data);
                json.WriteEndObject();
                json.WriteString("id", id);
                json.WriteString("note", data);
                json.WriteString("specversion", "1.0");
                json.WriteString("source", "/tests");
                json.WriteString("type", "t");
                json.WriteString("subject", subject);
                json.WriteEndObject();
            }
            json.WriteEndArray();
        }
        return stream.ToArray();
    }
}
