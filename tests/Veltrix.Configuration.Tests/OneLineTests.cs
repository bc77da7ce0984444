namespace Veltrix.Configuration.Tests;

public sealed class OneLineTests
{
    [Theory]
    [InlineData("as it is", "as it is")]
    [InlineData("two\nlines\u0000", "two lines ")]
    [InlineData("0123456789", "0123456789")]
    [InlineData("0123456789a", "012345678…")]
    [InlineData("01234567\U0001F600x", "01234567…")]
    public void Of_AnyText_IsALineOfThatLength(string text, string expected)
    {
        var line = OneLine.Of(text, 10);

        line.ShouldBe(expected);
        OneLine.Is(line, 10).ShouldBeTrue();
    }

    // No attribute can hold one.
    [Fact]
    public void Of_LoneSurrogate_IsReplaced() => OneLine.Of("a\ud800b", 10).ShouldBe("a\ufffdb");

    [Theory]
    [InlineData("")]
    [InlineData("12345678901")]
    [InlineData("a\tb")]
    public void Is_AnotherText_IsNot(string text) => OneLine.Is(text, 10).ShouldBeFalse();
}
