using System.Text;

namespace Veltrix.Events.Tests;

public sealed class CloudEventReaderTests
{
    private const string Required = """
        "id":"1","source":"/tests","specversion":"1.0","type":"t"
        """;

    private readonly CloudEventReader _reader = new();

    [Fact]
    public void ReadEvent_EveryAttribute_GivesTheBytesSent()
    {
        Read(
            """
            {"specversion":"1.0","id":"a-1","source":"https://example.com/x?y=%20#z","type":"com.example.made",
            "subject":"räksmörgås","time":"2026-11-21T01:02:03.5+01:00","datacontenttype":"application/json; charset=utf-8",
            "dataschema":"https://example.com/schema","partitionkey":"key","level":-12,"flag":false,"empty":"",
            "data":{"a":[1, 2.50, null]}}
            """
        );

        var item = _reader[0];
        item.Fault.ShouldBeNull();
        Text(item.Id).ShouldBe("a-1");
        Text(item.Source).ShouldBe("https://example.com/x?y=%20#z");
        Text(item.Type).ShouldBe("com.example.made");
        Text(item.Subject).ShouldBe("räksmörgås");
        Text(item.Time).ShouldBe("2026-11-21T01:02:03.5+01:00");
        Text(item.DataContentType).ShouldBe("application/json; charset=utf-8");
        Text(item.PartitionKey).ShouldBe("key");
        Text(item.Key).ShouldBe("key");
        item.HasData.ShouldBeTrue();
        Text(item.Data).ShouldBe("""{"a":[1, 2.50, null]}""");
        Attributes(item)
            .ShouldBe([
                "specversion=1.0",
                "id=a-1",
                "source=https://example.com/x?y=%20#z",
                "type=com.example.made",
                "subject=räksmörgås",
                "time=2026-11-21T01:02:03.5+01:00",
                "datacontenttype=application/json; charset=utf-8",
                "dataschema=https://example.com/schema",
                "partitionkey=key",
                "level=-12",
                "flag=false",
                "empty=",
            ]);
    }

    [Theory]
    [InlineData("", "1")]
    [InlineData(""","subject":"s" """, "s")]
    [InlineData(""","subject":"s","partitionkey":"k" """, "k")]
    public void Key_IsThePartitionKeyElseTheSubjectElseTheId(string members, string expected)
    {
        Read($$"""{{{Required}}{{members}}}""");

        Text(_reader[0].Key).ShouldBe(expected);
    }

    [Theory]
    [InlineData("", false, "", "")]
    [InlineData(""","data":null""", true, "null", "application/json")]
    [InlineData(""","data":"text" """, true, "\"text\"", "application/json")]
    [InlineData(""","data": [ 1 ] """, true, "[ 1 ]", "application/json")]
    [InlineData(""","data":-1.50e3""", true, "-1.50e3", "application/json")]
    [InlineData(""","data":"a\nb\u00e9\ud83d\ude00","datacontenttype":"text/plain" """, true, "a\nbé😀", "text/plain")]
    [InlineData(""","datacontenttype":"text/plain","data":"" """, true, "", "text/plain")]
    [InlineData(""","data":"x","datacontenttype":"application/foo+json" """, true, "\"x\"", "application/foo+json")]
    [InlineData(""","data":{"x":1},"datacontenttype":"text/plain" """, true, """{"x":1}""", "text/plain")]
    [InlineData(""","data_base64":"aGVsbG8=" """, true, "hello", "")]
    [InlineData(""","data_base64":"" """, true, "", "")]
    [InlineData(""","data_base64":"Pz8\/","datacontenttype":"text/plain" """, true, "???", "text/plain")]
    [InlineData(""","data_base64":null,"data":1""", true, "1", "application/json")]
    public void Data_EveryForm_GivesTheValueAndItsMediaType(string members, bool hasData, string data, string mediaType)
    {
        Read($$"""{{{Required}}{{members}}}""");

        var item = _reader[0];
        item.Fault.ShouldBeNull();
        item.HasData.ShouldBe(hasData);
        Text(item.Data).ShouldBe(data);
        Text(item.DataContentType).ShouldBe(mediaType);
    }

    [Fact]
    public void ReadEvent_EscapedNamesAndValues_AreResolved()
    {
        Read(
            """{"\u0069d":"\"\\\/1","source":"\u002ftests","spec\u0076ersion":"1\u002e0","type":"t","subject":"\ud83d\ude00"}"""
        );

        var item = _reader[0];
        item.Fault.ShouldBeNull();
        Text(item.Id).ShouldBe("\"\\/1");
        Text(item.Source).ShouldBe("/tests");
        Text(item.Subject).ShouldBe("😀");
    }

    [Fact]
    public void ReadEvent_NullAttribute_IsTheSameAsAbsent()
    {
        Read($$"""{{{Required}},"subject":null,"level":null}""");

        var item = _reader[0];
        item.Fault.ShouldBeNull();
        item.Subject.IsEmpty.ShouldBeTrue();
        Attributes(item).ShouldBe(["id=1", "source=/tests", "specversion=1.0", "type=t"]);
    }

    [Theory]
    [InlineData("id", """{"source":"/tests","specversion":"1.0","type":"t"}""")]
    [InlineData("id", """{"id":"","source":"/tests","specversion":"1.0","type":"t"}""")]
    [InlineData("id", """{"id":null,"source":"/tests","specversion":"1.0","type":"t"}""")]
    [InlineData("source", """{"id":"1","specversion":"1.0","type":"t"}""")]
    [InlineData("source", """{"id":"1","source":"","specversion":"1.0","type":"t"}""")]
    [InlineData("specversion", """{"id":"1","source":"/tests","type":"t"}""")]
    [InlineData("specversion", """{"id":"1","source":"/tests","specversion":"","type":"t"}""")]
    [InlineData("type", """{"id":"1","source":"/tests","specversion":"1.0"}""")]
    [InlineData("type", """{"id":"1","source":"/tests","specversion":"1.0","type":""}""")]
    [InlineData("id", "{}")]
    public void ReadEvent_WithoutARequiredAttribute_NamesIt(string name, string body)
    {
        Read(body);

        var fault = _reader[0].Fault.ShouldNotBeNull();
        fault.Error.ShouldBe(ErrorCatalogue.MissingAttribute);
        fault.Detail.ShouldBe($"The event that begins at byte 0 has no '{name}', or an empty one.");
    }

    [Theory]
    [InlineData("""{"id":1,"source":"/tests","specversion":"1.0","type":"t"}""", "'id' at byte 1 ")]
    [InlineData("""{"id":"1","source":"a b","specversion":"1.0","type":"t"}""", "'source' at byte 10 ")]
    [InlineData("""{"id":"1","source":"/%2","specversion":"1.0","type":"t"}""", "'source' at byte 10 ")]
    [InlineData("""{"id":"1","source":"é","specversion":"1.0","type":"t"}""", "'source' at byte 10 ")]
    [InlineData("""{"id":"1","source":"/","specversion":"0.3","type":"t"}""", "'specversion' at byte 23 ")]
    [InlineData("""{"id":"1","source":"/","specversion":1.0,"type":"t"}""", "'specversion' at byte 23 ")]
    [InlineData("""{"id":"1","source":"/","specversion":"1.0","type":true}""", "'type' at byte 43 ")]
    public void ReadEvent_InvalidRequiredAttribute_NamesItAndItsByte(string body, string expected)
    {
        Read(body);

        ShouldBeInvalid(expected);
    }

    [Theory]
    [InlineData("\"time\":\"yesterday\"", "'time'")]
    [InlineData("\"time\":1", "'time'")]
    [InlineData("\"subject\":\"\"", "'subject'")]
    [InlineData("\"subject\":{}", "'subject'")]
    [InlineData("\"subject\":\"a\\u0000\"", "'subject'")]
    [InlineData("\"subject\":\"a\\u007f\"", "'subject'")]
    [InlineData("\"subject\":\"a\\uFFFE\"", "'subject'")]
    [InlineData("\"subject\":\"\\ud800\"", "'subject'")]
    [InlineData("\"subject\":\"\\udc00\\ud800\"", "'subject'")]
    [InlineData("\"subject\":\"\\ud800\\u0041\"", "'subject'")]
    [InlineData("\"datacontenttype\":\"json\"", "'datacontenttype'")]
    [InlineData("\"datacontenttype\":\"\"", "'datacontenttype'")]
    [InlineData("\"dataschema\":\"/relative\"", "'dataschema'")]
    [InlineData("\"partitionkey\":\"\"", "'partitionkey'")]
    [InlineData("\"partitionkey\":1", "'partitionkey'")]
    [InlineData("\"Level\":1", "'Level'")]
    [InlineData("\"le-vel\":1", "'le-vel'")]
    [InlineData("\"\":1", "''")]
    [InlineData("\"data_base65\":1", "'data_base65'")]
    [InlineData("\"level\":1.5", "'level'")]
    [InlineData("\"level\":1e3", "'level'")]
    [InlineData("\"level\":2147483648", "'level'")]
    [InlineData("\"level\":-2147483649", "'level'")]
    [InlineData("\"level\":[1]", "'level'")]
    [InlineData("\"level\":{\"a\":[{}]}", "'level'")]
    [InlineData("\"level\":1,\"level\":1", "'level'")]
    [InlineData("\"level\":null,\"level\":1", "'level'")]
    [InlineData("\"level\":1,\"l\\u0065vel\":1", "'level'")]
    [InlineData("\"data\":1,\"data\":1", "'data'")]
    [InlineData("\"data_base64\":\"\",\"data_base64\":\"\"", "'data_base64'")]
    [InlineData("\"data_base64\":\"a\"", "'data_base64'")]
    [InlineData("\"data_base64\":\"_-8=\"", "'data_base64'")]
    [InlineData("\"data_base64\":1", "'data_base64'")]
    [InlineData("\"data\":1,\"data_base64\":\"\"", "both 'data' and 'data_base64'")]
    [InlineData("\"data\":\"\\ud800\",\"datacontenttype\":\"text/plain\"", "'data'")]
    public void ReadEvent_InvalidMember_NamesIt(string member, string expected)
    {
        Read($$"""{{{Required}},{{member}}}""");

        ShouldBeInvalid(expected);
    }

    [Fact]
    public void ReadEvent_IntegersAtTheirLimits_AreTaken()
    {
        Read($$"""{{{Required}},"a":2147483647,"b":-2147483648,"c":-0}""");

        _reader[0].Fault.ShouldBeNull();
        Attributes(_reader[0]).Skip(4).ShouldBe(["a=2147483647", "b=-2147483648", "c=0"]);
    }

    [Theory]
    [InlineData(CloudEventReader.MaximumDataDepth, true)]
    [InlineData(CloudEventReader.MaximumDataDepth + 1, false)]
    public void ReadEvent_DeepData_IsTakenUpToTheLimit(int depth, bool isTaken)
    {
        Read($$"""{{{Required}},"data":{{new string('[', depth)}}{{new string(']', depth)}}}""");

        if (isTaken)
            _reader[0].Fault.ShouldBeNull();
        else
            ShouldBeInvalid("'data'");
    }

    [Fact]
    public void ReadEvent_TooManyAttributes_IsRefused()
    {
        var extensions = Enumerable.Range(0, CloudEventReader.MaximumAttributes).Select(index => $",\"x{index}\":1");

        Read($$"""{{{Required}}{{string.Concat(extensions)}}}""");

        ShouldBeInvalid("one more than 64");
    }

    [Theory]
    [InlineData("", 0)]
    [InlineData("   ", 3)]
    [InlineData("{", 1)]
    [InlineData("{\"id\":}", 6)]
    [InlineData("{\"id\":\"1\",}", 10)]
    [InlineData("{\n\n  \"id\": x}", 11)]
    [InlineData("{} {}", 3)]
    [InlineData("// comment\n{}", 0)]
    [InlineData("{\"id\":\"a\u0001\"}", 8)]
    public void ReadEvent_BrokenJson_NamesTheByte(string body, int position)
    {
        var fault = _reader.ReadEvent(Encoding.UTF8.GetBytes(body)).ShouldNotBeNull();

        fault.Error.ShouldBe(ErrorCatalogue.MalformedJson);
        fault.Detail.ShouldContain($"byte {position}:");
        _reader.Count.ShouldBe(0);
    }

    [Fact]
    public void ReadEvent_NotUtf8_NamesTheByte()
    {
        byte[] body = [.. "{\"id\":\"é"u8, 0xC0, 0xA0, .. "\"}"u8];

        var fault = _reader.ReadEvent(body).ShouldNotBeNull();

        fault.ShouldBe(new EventFault(ErrorCatalogue.MalformedJson, "Byte 9 is not UTF-8."));
    }

    [Theory]
    [InlineData("[]")]
    [InlineData("1")]
    [InlineData("null")]
    [InlineData("\"text\"")]
    public void ReadEvent_NoObject_IsRefused(string body)
    {
        Read(body);

        _reader[0].Fault.ShouldNotBeNull().Error.ShouldBe(ErrorCatalogue.MalformedJson);
    }

    [Fact]
    public void ReadBatch_OneBadEvent_LeavesTheOthers()
    {
        var body =
            $$"""[ {{{Required}}}, {"id":"2","source":"/tests","time":1,"type":"t"}, 7, [{"id":"4"}], {{{Required}},"data":5} ]""";

        _reader.ReadBatch(Encoding.UTF8.GetBytes(body), 10).ShouldBeNull();

        _reader.Count.ShouldBe(5);
        _reader[0].Fault.ShouldBeNull();
        _reader[1].Fault.ShouldNotBeNull().Error.ShouldBe(ErrorCatalogue.InvalidAttribute);
        Text(_reader[1].Id).ShouldBe("2");
        Text(_reader[1].Source).ShouldBe("/tests");
        _reader[2].Fault.ShouldNotBeNull().Error.ShouldBe(ErrorCatalogue.MalformedJson);
        _reader[3].Fault.ShouldNotBeNull().Error.ShouldBe(ErrorCatalogue.MalformedJson);
        _reader[4].Fault.ShouldBeNull();
        Text(_reader[4].Data).ShouldBe("5");
    }

    [Fact]
    public void ReadBatch_BrokenAtItsEnd_GivesNoEvents()
    {
        var fault = _reader.ReadBatch(Encoding.UTF8.GetBytes($$"""[{{{Required}}},"""), 10);

        fault.ShouldNotBeNull().Error.ShouldBe(ErrorCatalogue.MalformedJson);
        _reader.Count.ShouldBe(0);
    }

    [Fact]
    public void ReadBatch_MoreEventsThanAllowed_IsRefusedAsAWhole()
    {
        var fault = _reader.ReadBatch("[{},{},{}]"u8.ToArray(), 2);

        fault.ShouldBe(
            new EventFault(ErrorCatalogue.BatchTooLarge, "At most 2 events are taken; another one begins at byte 7.")
        );
        _reader.Count.ShouldBe(0);
    }

    [Fact]
    public void ReadBatch_Empty_HasNoEvents()
    {
        _reader.ReadBatch("[]"u8.ToArray(), 2).ShouldBeNull();

        _reader.Count.ShouldBe(0);
    }

    [Fact]
    public void ReadBatch_AnObject_IsRefused() =>
        _reader.ReadBatch("{}"u8.ToArray(), 2).ShouldNotBeNull().Error.ShouldBe(ErrorCatalogue.MalformedJson);

    [Fact]
    public void ReadBatch_AgainWithTheSameReader_ForgetsTheLastBody()
    {
        _reader.ReadBatch("[{},{}]"u8.ToArray(), 2).ShouldBeNull();

        _reader.ReadBatch(Encoding.UTF8.GetBytes($$"""[{{{Required}}}]"""), 2).ShouldBeNull();

        _reader.Count.ShouldBe(1);
        _reader[0].Fault.ShouldBeNull();
        _reader[0].HasData.ShouldBeFalse();
    }

    internal static List<string> Attributes(CloudEvent item)
    {
        var attributes = new List<string>();
        foreach (var attribute in item)
            attributes.Add($"{Text(attribute.Name)}={Text(attribute.Value)}");
        return attributes;
    }

    private static string Text(ReadOnlySpan<byte> utf8) => Encoding.UTF8.GetString(utf8);

    private void Read(string body) => _reader.ReadEvent(Encoding.UTF8.GetBytes(body)).ShouldBeNull();

    private void ShouldBeInvalid(string detail)
    {
        var fault = _reader[0].Fault.ShouldNotBeNull();
        fault.Error.ShouldBe(ErrorCatalogue.InvalidAttribute);
        fault.Detail.ShouldContain(detail);
    }
}
