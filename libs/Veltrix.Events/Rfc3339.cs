using System.Buffers.Text;

namespace Veltrix.Events;

/// <summary>Timestamps of RFC 3339, section 5.6, as CloudEvents uses them, straight from and to UTF-8.</summary>
public static class Rfc3339
{
    /// <summary>Bytes that <see cref="Format"/> writes: <c>2026-11-21T01:02:03.000004Z</c>.</summary>
    public const int FormattedBytes = 27;

    private const int SecondsEnd = 19;
    private const int TickDigits = 7;

    /// <summary>Reads a timestamp; digits beyond 100 ns are cut off, a leap second counts as the second before it.</summary>
    /// <param name="text">UTF-8.</param>
    /// <param name="time">The instant, in UTC.</param>
    /// <returns>False when the text is no RFC 3339 timestamp or lies outside the years 1 to 9999.</returns>
    public static bool TryParse(ReadOnlySpan<byte> text, out DateTimeOffset time)
    {
        time = default;
        // Shortest: 2026-11-21T01:02:03Z
        if (
            text.Length <= SecondsEnd
            || text[4] != '-'
            || text[7] != '-'
            || (text[10] | 0x20) != 't'
            || text[13] != ':'
            || text[16] != ':'
        )
            return false;
        if (
            !TryDigits(text[..4], out var year)
            || !TryDigits(text[5..7], out var month)
            || !TryDigits(text[8..10], out var day)
            || !TryDigits(text[11..13], out var hour)
            || !TryDigits(text[14..16], out var minute)
            || !TryDigits(text[17..19], out var second)
        )
            return false;
        if (
            year < 1
            || month is < 1 or > 12
            || day < 1
            || day > DateTime.DaysInMonth(year, month)
            || hour > 23
            || minute > 59
            || second > 60
        )
            return false;

        if (!TryFraction(text[SecondsEnd..], out var ticks, out var zone) || !TryZone(zone, out var offset))
            return false;
        var local = new DateTime(year, month, day, hour, minute, Math.Min(second, 59), DateTimeKind.Utc).Ticks + ticks;
        var utc = local - offset.Ticks;
        if (utc < DateTime.MinValue.Ticks || utc > DateTime.MaxValue.Ticks)
            return false;
        time = new DateTimeOffset(utc, TimeSpan.Zero);
        return true;
    }

    /// <summary>Writes <paramref name="time"/> in UTC with microseconds.</summary>
    /// <param name="time">The instant.</param>
    /// <param name="destination">At least <see cref="FormattedBytes"/> long.</param>
    public static void Format(DateTimeOffset time, Span<byte> destination)
    {
        // 'O' writes seven digits of fraction: 2026-11-21T01:02:03.0000040Z; the last one gives way to the Z.
        Span<byte> full = stackalloc byte[FormattedBytes + 1];
        Utf8Formatter.TryFormat(time.UtcDateTime, full, out _, 'O');
        full[..(FormattedBytes - 1)].CopyTo(destination);
        destination[FormattedBytes - 1] = (byte)'Z';
    }

    private static bool TryFraction(ReadOnlySpan<byte> rest, out long ticks, out ReadOnlySpan<byte> zone)
    {
        ticks = 0;
        zone = rest;
        if (rest[0] != '.')
            return true;
        var digits = 0;
        while (1 + digits < rest.Length && rest[1 + digits] is >= (byte)'0' and <= (byte)'9')
        {
            if (digits < TickDigits)
                ticks = (ticks * 10) + (rest[1 + digits] - '0');
            digits++;
        }
        for (var missing = digits; missing < TickDigits; missing++)
            ticks *= 10;
        zone = rest[(1 + digits)..];
        return digits > 0;
    }

    private static bool TryZone(ReadOnlySpan<byte> zone, out TimeSpan offset)
    {
        offset = TimeSpan.Zero;
        if (zone.Length == 1)
            return (zone[0] | 0x20) == 'z';
        // +01:00
        if (zone.Length != 6 || zone[0] is not ((byte)'+' or (byte)'-') || zone[3] != ':')
            return false;
        if (!TryDigits(zone[1..3], out var hours) || !TryDigits(zone[4..], out var minutes))
            return false;
        offset = new TimeSpan(hours, minutes, 0) * (zone[0] == '-' ? -1 : 1);
        return hours < 24 && minutes < 60;
    }

    private static bool TryDigits(ReadOnlySpan<byte> text, out int number)
    {
        number = 0;
        foreach (var digit in text)
        {
            if (digit is < (byte)'0' or > (byte)'9')
                return false;
            number = (number * 10) + (digit - '0');
        }
        return true;
    }
}
