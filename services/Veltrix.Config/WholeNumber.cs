using System.Globalization;

namespace Veltrix.Config;

/// <summary>Whole numbers from 1 in addresses and queries.</summary>
internal static class WholeNumber
{
    /// <summary>Reads a number that must be there.</summary>
    public static bool TryRead(string text, out int number) => TryRead(text, 0, int.MaxValue, out number);

    public static bool TryRead(string? text, int whenAbsent, int maximum, out int number)
    {
        number = whenAbsent;
        return text is null
            || (
                int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out number)
                && number >= 1
                && number <= maximum
            );
    }
}
