using System.Globalization;
using System.Text;
using FsCheck;
using FsCheck.Fluent;

namespace Veltrix.Events.Tests;

public sealed class Rfc3339Tests
{
    [Theory]
    [InlineData("2026-11-21T01:02:03Z", "2026-11-21T01:02:03.0000000")]
    [InlineData("2026-11-21t01:02:03z", "2026-11-21T01:02:03.0000000")]
    [InlineData("2026-11-21T01:02:03.5Z", "2026-11-21T01:02:03.5000000")]
    [InlineData("2026-11-21T01:02:03.123456789Z", "2026-11-21T01:02:03.1234567")]
    [InlineData("2026-11-21T01:02:03+01:30", "2026-11-20T23:32:03.0000000")]
    [InlineData("2026-11-21T01:02:03-23:59", "2026-11-22T01:01:03.0000000")]
    [InlineData("2024-02-29T00:00:00-00:00", "2024-02-29T00:00:00.0000000")]
    [InlineData("2016-12-31T23:59:60Z", "2016-12-31T23:59:59.0000000")]
    [InlineData("0001-01-01T00:00:00Z", "0001-01-01T00:00:00.0000000")]
    [InlineData("9999-12-31T23:59:59.9999999Z", "9999-12-31T23:59:59.9999999")]
    public void TryParse_Timestamp_GivesTheInstantInUtc(string text, string expected)
    {
        Rfc3339.TryParse(Encoding.UTF8.GetBytes(text), out var time).ShouldBeTrue();

        time.ToString("yyyy-MM-ddTHH:mm:ss.fffffff", CultureInfo.InvariantCulture).ShouldBe(expected);
        time.Offset.ShouldBe(TimeSpan.Zero);
    }

    [Theory]
    [InlineData("")]
    [InlineData("2026-11-21")]
    [InlineData("2026-11-21T01:02:03")]
    [InlineData("2026-11-21 01:02:03Z")]
    [InlineData("2026-13-21T01:02:03Z")]
    [InlineData("2026-00-21T01:02:03Z")]
    [InlineData("2026-02-29T01:02:03Z")]
    [InlineData("2026-11-00T01:02:03Z")]
    [InlineData("2026-11-21T24:02:03Z")]
    [InlineData("2026-11-21T01:60:03Z")]
    [InlineData("2026-11-21T01:02:61Z")]
    [InlineData("2026-11-21T01:02:03.Z")]
    [InlineData("2026-11-21T01:02:03.1")]
    [InlineData("2026-11-21T01:02:03+0100")]
    [InlineData("2026-11-21T01:02:03+24:00")]
    [InlineData("2026-11-21T01:02:03+01:60")]
    [InlineData("2026-11-21T01:02:03Zx")]
    [InlineData("0000-01-01T00:00:00Z")]
    [InlineData("0001-01-01T00:00:00+00:01")]
    [InlineData("9999-12-31T23:59:59-00:01")]
    [InlineData("+026-11-21T01:02:03Z")]
    [InlineData("2026-11-21T٠1:02:03Z")]
    public void TryParse_NoTimestamp_ReturnsFalse(string text) =>
        Rfc3339.TryParse(Encoding.UTF8.GetBytes(text), out _).ShouldBeFalse();

    [Fact]
    public void Format_AnyInstant_ReadsBackToTheMicrosecond() =>
        Prop.ForAll(
                ArbMap.Default.ArbFor<DateTime>(),
                value =>
                {
                    var time = new DateTimeOffset(value.Ticks, TimeSpan.Zero);
                    Span<byte> text = stackalloc byte[Rfc3339.FormattedBytes];
                    Rfc3339.Format(time, text);
                    return Rfc3339.TryParse(text, out var read)
                        && read.Ticks == time.Ticks - (time.Ticks % TimeSpan.TicksPerMicrosecond);
                }
            )
            .QuickCheckThrowOnFailure();

    [Fact]
    public void TryParse_MutatedTimestamp_GivesUtcOrFalse() =>
        Prop.ForAll(
                ArbMap.Default.ArbFor<byte>(),
                Gen.Choose(0, 34).ToArbitrary(),
                (value, position) =>
                {
                    var text = "2026-11-21T01:02:03.123456789+01:30"u8.ToArray();
                    text[position] = value;
                    return !Rfc3339.TryParse(text, out var time) || time.Offset == TimeSpan.Zero;
                }
            )
            .QuickCheckThrowOnFailure();
}
