using System.CommandLine;
using System.CommandLine.Parsing;
using System.Globalization;

namespace Veltrix.Cli;

/// <summary>Options with limits; what is outside is refused with the limits named.</summary>
internal static class Options
{
    public static Option<bool> Json() => new("--json") { Description = "Print one JSON object instead of a table" };

    public static Option<int> Number(string name, string description, int byDefault, int minimum, int maximum) =>
        new(name)
        {
            Description = $"{description} ({minimum} to {maximum})",
            DefaultValueFactory = _ => byDefault,
            CustomParser = result =>
            {
                var isNumber = int.TryParse(
                    result.Tokens[0].Value,
                    NumberStyles.AllowLeadingSign,
                    CultureInfo.InvariantCulture,
                    out var number
                );
                if (!isNumber || number < minimum || number > maximum)
                    result.AddError($"{name} must be a whole number from {minimum} to {maximum}.");
                return number;
            },
        };

    public static Option<TimeSpan> Time(string name, string description, TimeSpan byDefault) =>
        new(name)
        {
            Description = $"{description}, for instance 500ms, 30s, 2m",
            DefaultValueFactory = _ => byDefault,
            CustomParser = result => ParseTime(result, name),
        };

    private static TimeSpan ParseTime(ArgumentResult result, string name)
    {
        if (Duration.TryParse(result.Tokens[0].Value, out var duration) && duration > TimeSpan.Zero)
            return duration;
        result.AddError($"{name} must be a duration such as 500ms, 30s or 2m, above 0 and at most 7 days.");
        return default;
    }
}
