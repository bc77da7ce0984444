using Veltrix.Admin.Components.Shared;

namespace Veltrix.Admin.Tests.Components;

public sealed class FormatTests
{
    [Theory]
    [InlineData(0, "0")]
    [InlineData(0.25, "0.25")]
    [InlineData(12.43, "12.4")]
    [InlineData(5787.4, "5,787")]
    public void Rate_Values_HaveThreeDigitsOrSo(double perSecond, string expected) =>
        Format.Rate(perSecond).ShouldBe(expected);

    [Theory]
    [InlineData(null, "–")]
    [InlineData(0.84, "0.8 ms")]
    [InlineData(12.2, "12 ms")]
    [InlineData(1_530.0, "1.5 s")]
    [InlineData(200_000.0, "3 min 20 s")]
    public void Milliseconds_Values_HaveAUnitThatFits(double? milliseconds, string expected) =>
        Format.Milliseconds(milliseconds).ShouldBe(expected);

    [Theory]
    [InlineData(0, "0 s")]
    [InlineData(45, "45 s")]
    [InlineData(200, "3 min 20 s")]
    [InlineData(7_500, "2 h 5 min")]
    [InlineData(273_600, "3 d 4 h")]
    public void Duration_Values_HaveTheTwoLargestUnits(int seconds, string expected) =>
        Format.Duration(TimeSpan.FromSeconds(seconds)).ShouldBe(expected);

    [Theory]
    [InlineData("com.veltrix.clue.found", "Clue found")]
    [InlineData("Timeout", "Timeout")]
    [InlineData("", "")]
    public void EventType_Types_AreTheirLastWords(string type, string expected) =>
        Format.EventType(type).ShouldBe(expected);

    [Fact]
    public void Bytes_Values_AreMebibytesThenGibibytes()
    {
        Format.Bytes(190L << 20).ShouldBe("190 MiB");
        Format.Bytes(3L << 29).ShouldBe("1.5 GiB");
    }

    [Theory]
    [InlineData(0, 1, 0.25)]
    [InlineData(6_222, 8_000, 2_000)]
    [InlineData(37, 40, 10)]
    [InlineData(0.3, 0.4, 0.1)]
    public void ChartScale_HighestValue_HasRoundLinesAboveIt(double highest, double maximum, double step)
    {
        var scale = ChartScale.For(highest);

        scale.Maximum.ShouldBe(maximum, 1e-9);
        scale.Step.ShouldBe(step, 1e-9);
    }
}
