using System.Text;

namespace Veltrix.Events.Tests;

public sealed class EventRecordReaderTests
{
    private static readonly Dictionary<string, string> Complete = new()
    {
        ["ce_specversion"] = "1.0",
        ["ce_id"] = "1",
        ["ce_source"] = "/tests",
        ["ce_type"] = "com.veltrix.player.moved",
        ["ce_subject"] = "zoë",
        ["ce_time"] = "2026-11-21T01:02:03+01:00",
        ["ce_recordedtime"] = "2026-11-21T00:02:04.000001Z",
        ["ce_partitionkey"] = "unread",
        ["traceparent"] = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01",
        ["content-type"] = "application/json",
    };

    [Fact]
    public void TryRead_AllHeaders_GivesTheEvent()
    {
        byte[] value = [1, 2];

        Read(Complete, value, out var record).ShouldBeNull();

        record.ShouldBe(
            new EventRecord(
                "1",
                "/tests",
                "com.veltrix.player.moved",
                "zoë",
                new DateTimeOffset(2026, 11, 21, 0, 2, 3, TimeSpan.Zero),
                new DateTimeOffset(2026, 11, 21, 0, 2, 4, TimeSpan.Zero).AddMicroseconds(1),
                "application/json",
                "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01",
                value
            )
        );
    }

    [Fact]
    public void TryRead_RequiredHeadersOnly_LeavesTheRestNull()
    {
        var headers = Complete.Where(header => header.Key is "ce_specversion" or "ce_id" or "ce_source" or "ce_type");

        Read(headers, null, out var record).ShouldBeNull();

        record.ShouldBe(new EventRecord("1", "/tests", "com.veltrix.player.moved", null, null, null, null, null, null));
    }

    [Theory]
    [InlineData("ce_id")]
    [InlineData("ce_source")]
    [InlineData("ce_type")]
    [InlineData("ce_specversion")]
    public void TryRead_WithoutARequiredHeader_NamesIt(string name)
    {
        var fault = Read(Complete.Where(header => header.Key != name), [], out _);

        fault.ShouldNotBeNull().Error.ShouldBe(ErrorCatalogue.UnreadableRecord);
        fault.Value.Detail.ShouldContain($"'{name}'");
    }

    [Theory]
    [InlineData("ce_time", "yesterday")]
    [InlineData("ce_recordedtime", "")]
    [InlineData("ce_specversion", "0.3")]
    [InlineData("ce_id", "")]
    public void TryRead_InvalidHeader_NamesIt(string name, string value)
    {
        var fault = Read(new Dictionary<string, string>(Complete) { [name] = value }, [], out _);

        fault.ShouldNotBeNull().Detail.ShouldContain($"'{name}'");
    }

    [Fact]
    public void TryRead_HeaderThatIsNotUtf8_NamesIt()
    {
        var reader = new EventRecordReader();
        reader.Header("ce_subject", [0xC0, 0xA0]);

        reader.TryRead([], out _, out var fault).ShouldBeFalse();

        fault.ShouldNotBeNull().Detail.ShouldContain("'ce_subject'");
    }

    [Fact]
    public void TryRead_RepeatedHeader_TakesTheFirst()
    {
        Read(Complete.Append(new("ce_id", "2")), [], out var record).ShouldBeNull();

        record.Id.ShouldBe("1");
    }

    private static EventFault? Read(
        IEnumerable<KeyValuePair<string, string>> headers,
        byte[]? value,
        out EventRecord record
    )
    {
        var reader = new EventRecordReader();
        foreach (var (name, text) in headers)
            reader.Header(name, Encoding.UTF8.GetBytes(text));
        reader.TryRead(value, out record, out var fault);
        return fault;
    }
}
