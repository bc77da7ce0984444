using System.Diagnostics.CodeAnalysis;

namespace Veltrix.Admin.Clients;

/// <summary>What a service answered: a value, or the problem that stood in its way.</summary>
internal readonly record struct Answer<T>
    where T : class
{
    private Answer(T? value, Problem? problem) => (Value, Problem) = (value, problem);

    public T? Value { get; }

    public Problem? Problem { get; }

    [MemberNotNullWhen(true, nameof(Value))]
    [MemberNotNullWhen(false, nameof(Problem))]
    public bool IsSuccess => Value is not null;

    public static implicit operator Answer<T>(T value) => new(value, null);

    public static implicit operator Answer<T>(Problem problem) => new(null, problem);
}
