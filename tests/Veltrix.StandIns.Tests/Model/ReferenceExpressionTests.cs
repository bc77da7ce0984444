using Aspire.Hosting.ApplicationModel;

namespace Veltrix.StandIns.Tests.Model;

public class ReferenceExpressionTests
{
    private readonly ParameterResource _parameter = new("key", _ => "a/b", secret: true);

    [Fact]
    public async Task Create_TextWithHoles_FillsThemWithValues()
    {
        var expression = ReferenceExpression.Create($"x={_parameter};y={_parameter:uri};z={"c d":uri}");

        (await ValueOf(expression)).ShouldBe("x=a/b;y=a%2Fb;z=c%20d");
        expression.ValueExpression.ShouldBe("x={key.value};y={key.value};z=c%20d");
    }

    [Fact]
    public async Task Create_TextWithBraces_KeepsThem()
    {
        var expression = ReferenceExpression.Create($"{{{_parameter}}}{"{0}"}");

        (await ValueOf(expression)).ShouldBe("{a/b}{0}");
    }

    [Fact]
    public async Task Create_ExpressionInExpression_ResolvesBoth()
    {
        var inner = ReferenceExpression.Create($"<{_parameter}>");

        (await ValueOf(ReferenceExpression.Create($"{inner}!"))).ShouldBe("<a/b>!");
    }

    [Fact]
    public async Task Empty_HasNoValue() => (await ValueOf(ReferenceExpression.Empty)).ShouldBeNull();

    [Theory]
    [InlineData("A/B", "yes")]
    [InlineData("other", "no")]
    public async Task CreateConditional_Condition_ChoosesTheBranch(string match, string expected)
    {
        var expression = ReferenceExpression.CreateConditional(
            _parameter,
            match,
            ReferenceExpression.Create($"yes"),
            ReferenceExpression.Create($"no")
        );

        (await ValueOf(expression)).ShouldBe(expected);
    }

    [Fact]
    public void CreateConditional_DifferentBranches_HaveDifferentNames()
    {
        var one = Conditional("yes, with a text of more than sixteen bytes");
        var other = Conditional("yes, with a text of more than sixteen byteS");

        one.Name.ShouldStartWith("cond-key-value-");
        one.Name.ShouldNotBe(other.Name);
        one.Name.ShouldBe(Conditional("yes, with a text of more than sixteen bytes").Name);
    }

    private ReferenceExpression Conditional(string whenTrue) =>
        ReferenceExpression.CreateConditional(
            _parameter,
            "x",
            ReferenceExpression.Create($"{whenTrue}"),
            ReferenceExpression.Empty
        );

    private static ValueTask<string?> ValueOf(ReferenceExpression expression) =>
        expression.GetValueAsync(TestContext.Current.CancellationToken);
}
