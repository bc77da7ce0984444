using System.Globalization;

namespace Veltrix.Configuration;

/// <summary>Writes numbers as an operator reads them: grouped, with decimals where they are small.</summary>
internal static class Figures
{
    public static string Of(double number) => number.ToString(Format(Math.Abs(number)), CultureInfo.InvariantCulture);

    private static string Format(double number) =>
        number switch
        {
            >= 100 => "N0",
            >= 1 => "0.##",
            _ => "0.####",
        };

    public static string Percent(double share) => $"{Of(share * 100)} %";

    /// <summary>Bytes in the largest decimal unit that leaves at least one.</summary>
    public static string Bytes(double bytes) =>
        bytes switch
        {
            >= 1e12 => $"{Of(bytes / 1e12)} TB",
            >= 1e9 => $"{Of(bytes / 1e9)} GB",
            >= 1e6 => $"{Of(bytes / 1e6)} MB",
            >= 1e3 => $"{Of(bytes / 1e3)} kB",
            _ => $"{Of(bytes)} bytes",
        };

    /// <summary>Seconds in words; what never ends is "for ever".</summary>
    public static string Seconds(double seconds) =>
        double.IsInfinity(seconds) ? "for ever"
        : seconds < 1 ? $"{Of(seconds * 1_000)} ms"
        : seconds < 7_200 ? $"{Of(seconds)} s"
        : $"{Of(seconds / 3_600)} h";
}
