using System.Reflection;

namespace Veltrix.Testing;

/// <summary>
/// Records of options with exactly one of them other than its default, so that a test can show of each that something
/// obeys it, also of one that is added later.
/// </summary>
public static class ChangedOption
{
    /// <summary>The options of <typeparamref name="T"/>, whose constructor has a default for each.</summary>
    public static IEnumerable<string> Names<T>() => Parameters<T>().Select(parameter => parameter.Name!);

    /// <summary>The defaults with another value of <paramref name="option"/>.</summary>
    /// <exception cref="NotSupportedException">The option is neither a switch, a number nor a name.</exception>
    public static T With<T>(string option) =>
        (T)
            typeof(T)
                .GetConstructors()[0]
                .Invoke([
                    .. Parameters<T>()
                        .Select(parameter => parameter.Name == option ? Other(parameter) : parameter.DefaultValue),
                ]);

    private static ParameterInfo[] Parameters<T>() => typeof(T).GetConstructors()[0].GetParameters();

    private static object Other(ParameterInfo parameter) =>
        parameter.DefaultValue switch
        {
            bool value => !value,
            int value when parameter.ParameterType.IsEnum => Enum.ToObject(parameter.ParameterType, value + 1),
            int value => value + 1,
            Enum value => Enum.ToObject(parameter.ParameterType, Convert.ToInt32(value) + 1),
            var value => throw new NotSupportedException($"{parameter.Name} is a {value?.GetType()}."),
        };
}
