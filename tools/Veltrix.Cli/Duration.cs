using System.Globalization;

namespace Veltrix.Cli;

/// <summary>Reads <c>30</c> (seconds), <c>500ms</c>, <c>30s</c>, <c>2m</c>, <c>1h</c>.</summary>
internal static class Duration
{
    private static readonly (string Suffix, double Seconds)[] Units =
    [
        ("ms", 0.001),
        ("s", 1),
        ("m", 60),
        ("h", 3_600),
    ];

    public static readonly TimeSpan Longest = TimeSpan.FromDays(7);

    public static bool TryParse(string text, out TimeSpan duration)
    {
        var unit = Units.FirstOrDefault(
            unit => text.EndsWith(unit.Suffix, StringComparison.Ordinal),
            (Suffix: "", Seconds: 1)
        );
        duration = default;
        if (
            !double.TryParse(
                text.AsSpan(0, text.Length - unit.Suffix.Length),
                NumberStyles.AllowDecimalPoint,
                CultureInfo.InvariantCulture,
                out var number
            )
            || number * unit.Seconds is not (>= 0 and var seconds)
            || seconds > Longest.TotalSeconds
        )
            return false;
        duration = TimeSpan.FromSeconds(seconds);
        return true;
    }
}
