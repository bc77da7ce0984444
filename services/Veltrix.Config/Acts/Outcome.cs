namespace Veltrix.Config.Acts;

/// <summary>What became of an act: exactly one of the two is not null.</summary>
public sealed record Outcome<T>(T? Value, Refusal? Refusal)
    where T : class
{
    public static implicit operator Outcome<T>(T value) => new(value, null);

    public static implicit operator Outcome<T>(Refusal refusal) => new(null, refusal);

    internal IResult ToResult(Func<T, IResult> answer) => Refusal?.ToProblem() ?? answer(Value!);
}
