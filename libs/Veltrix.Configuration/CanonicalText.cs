using System.Buffers;
using System.Globalization;
using System.Runtime.InteropServices;
using System.Text;

namespace Veltrix.Configuration;

/// <summary>Text that is being written in the canonical form; what was written last can be taken back.</summary>
internal sealed class CanonicalText
{
    private const int UsualCharacters = 4_096;

    // RFC 8785, section 3.2.2.3: numbers are IEEE 754 doubles; beyond this whole numbers are no longer exact.
    private const long LargestExactWholeNumber = (1L << 53) - 1;

    private const int LongestNumberCharacters = 20;

    // Section 3.2.2.2: what must be escaped.
    private static readonly SearchValues<char> Escaped = SearchValues.Create([
        '"',
        '\\',
        .. Enumerable.Range(0, ' ').Select(code => (char)code),
    ]);

    private readonly List<char> _text = new(UsualCharacters);

    public int Length => _text.Count;

    public ReadOnlySpan<char> From(int start) => CollectionsMarshal.AsSpan(_text)[start..];

    public void TakeBackTo(int length) => CollectionsMarshal.SetCount(_text, length);

    public void Append(char character) => _text.Add(character);

    public void Append(ReadOnlySpan<char> text) => _text.AddRange(text);

    /// <exception cref="NotSupportedException">It lies beyond 2^53 - 1.</exception>
    public void AppendNumber(long number)
    {
        if (number is < -LargestExactWholeNumber or > LargestExactWholeNumber)
            throw new NotSupportedException(
                string.Create(CultureInfo.InvariantCulture, $"{number} has no canonical form here.")
            );
        Span<char> digits = stackalloc char[LongestNumberCharacters];
        number.TryFormat(digits, out var count, provider: CultureInfo.InvariantCulture);
        Append(digits[..count]);
    }

    // Section 3.2.2.2: the two-character escapes where they exist, \u00xx for the other control characters, nothing else.
    public void AppendString(ReadOnlySpan<char> value)
    {
        Append('"');
        for (var next = value.IndexOfAny(Escaped); next >= 0; next = value.IndexOfAny(Escaped))
        {
            Append(value[..next]);
            Append(
                value[next] switch
                {
                    '"' => "\\\"",
                    '\\' => "\\\\",
                    '\b' => "\\b",
                    '\t' => "\\t",
                    '\n' => "\\n",
                    '\f' => "\\f",
                    '\r' => "\\r",
                    var control => string.Create(CultureInfo.InvariantCulture, $"\\u{(int)control:x4}"),
                }
            );
            value = value[(next + 1)..];
        }
        Append(value);
        Append('"');
    }

    public byte[] ToBytes()
    {
        var text = From(0);
        var bytes = new byte[Encoding.UTF8.GetByteCount(text)];
        Encoding.UTF8.GetBytes(text, bytes);
        return bytes;
    }
}
