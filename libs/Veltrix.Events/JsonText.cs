using System.Text;
using System.Text.Json;

namespace Veltrix.Events;

/// <summary>What <see cref="Utf8JsonReader"/> does only with exceptions or strings.</summary>
internal static class JsonText
{
    /// <summary>Resolves the escapes of a JSON string whose grammar is already checked.</summary>
    /// <param name="escaped">The bytes between the quotes.</param>
    /// <param name="destination">At least as long as <paramref name="escaped"/>.</param>
    /// <param name="written">Bytes written.</param>
    /// <returns>False for a surrogate without its other half, which no UTF-8 can hold.</returns>
    public static bool TryUnescape(ReadOnlySpan<byte> escaped, Span<byte> destination, out int written)
    {
        written = 0;
        while (escaped.IndexOf((byte)'\\') is var backslash and >= 0)
        {
            escaped[..backslash].CopyTo(destination[written..]);
            written += backslash;
            var letter = escaped[backslash + 1];
            escaped = escaped[(backslash + 2)..];
            if (letter != 'u')
            {
                destination[written++] = letter switch
                {
                    (byte)'b' => (byte)'\b',
                    (byte)'f' => (byte)'\f',
                    (byte)'n' => (byte)'\n',
                    (byte)'r' => (byte)'\r',
                    (byte)'t' => (byte)'\t',
                    _ => letter,
                };
                continue;
            }
            if (!TryRune(ref escaped, out var rune))
                return false;
            written += rune.EncodeToUtf8(destination[written..]);
        }
        escaped.CopyTo(destination[written..]);
        written += escaped.Length;
        return true;
    }

    /// <summary>The byte at which <paramref name="error"/> arose, from its line and its position in that line.</summary>
    public static int PositionOf(JsonException error, ReadOnlySpan<byte> body)
    {
        var start = 0;
        for (var line = 0; line < error.LineNumber; line++)
            start += body[start..].IndexOf((byte)'\n') + 1;
        return Math.Min(start + (int)(error.BytePositionInLine ?? 0), body.Length);
    }

    /// <summary>The first byte of the first sequence that is not UTF-8.</summary>
    public static int PositionOfInvalidUtf8(ReadOnlySpan<byte> body)
    {
        var position = 0;
        while (
            position < body.Length
            && Rune.DecodeFromUtf8(body[position..], out _, out var length) == System.Buffers.OperationStatus.Done
        )
            position += length;
        return position;
    }

    /// <summary>Takes the four digits after \u, and the second half of a surrogate pair with them.</summary>
    private static bool TryRune(ref ReadOnlySpan<byte> escaped, out Rune rune)
    {
        var first = CodeUnit(escaped);
        escaped = escaped[4..];
        if (Rune.TryCreate(first, out rune))
            return true;
        if (!escaped.StartsWith("\\u"u8) || !Rune.TryCreate(first, CodeUnit(escaped[2..]), out rune))
            return false;
        escaped = escaped[6..];
        return true;
    }

    private static char CodeUnit(ReadOnlySpan<byte> digits)
    {
        var unit = 0;
        for (var index = 0; index < 4; index++)
            unit = (unit << 4) + (digits[index] <= '9' ? digits[index] - '0' : (digits[index] | 0x20) - 'a' + 10);
        return (char)unit;
    }
}
