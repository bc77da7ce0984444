using System.Buffers;
using System.Text;

namespace Veltrix.Events;

/// <summary>What CloudEvents 1.0 allows as names and values of attributes (sections 3 and 3.1).</summary>
internal static class AttributeRules
{
    private static readonly SearchValues<byte> NameBytes = SearchValues.Create(
        "abcdefghijklmnopqrstuvwxyz0123456789"u8
    );

    private static readonly SearchValues<byte> UriBytes = SearchValues.Create(
        "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~:/?#[]@!$&'()*+,;=%"u8
    );

    private static readonly SearchValues<byte> SchemeBytes = SearchValues.Create(
        "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+-."u8
    );

    private static readonly SearchValues<byte> TokenBytes = SearchValues.Create(
        "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789!#$%&'*+-.^_`|~"u8
    );

    public static bool IsName(ReadOnlySpan<byte> name) => !name.IsEmpty && !name.ContainsAnyExcept(NameBytes);

    /// <summary>Type String: no control characters, no noncharacters (surrogates cannot be there in UTF-8).</summary>
    public static bool IsText(ReadOnlySpan<byte> text)
    {
        var special = text.IndexOfAnyExceptInRange((byte)' ', (byte)'~');
        if (special < 0)
            return true;
        foreach (var rune in new Utf8Runes(text[special..]))
        {
            if (Rune.IsControl(rune) || (rune.Value & 0xFFFE) == 0xFFFE || rune.Value is >= 0xFDD0 and <= 0xFDEF)
                return false;
        }
        return true;
    }

    /// <summary>Type URI-reference: the characters of RFC 3986, every percent sign followed by two hexadecimal digits.</summary>
    public static bool IsUriReference(ReadOnlySpan<byte> text)
    {
        if (text.ContainsAnyExcept(UriBytes))
            return false;
        while (text.IndexOf((byte)'%') is var percent and >= 0)
        {
            text = text[(percent + 1)..];
            if (text.Length < 2 || !char.IsAsciiHexDigit((char)text[0]) || !char.IsAsciiHexDigit((char)text[1]))
                return false;
        }
        return true;
    }

    /// <summary>Type URI: a URI-reference that begins with a scheme.</summary>
    public static bool IsUri(ReadOnlySpan<byte> text)
    {
        var colon = text.IndexOf((byte)':');
        return colon > 0
            && char.IsAsciiLetter((char)text[0])
            && !text[..colon].ContainsAnyExcept(SchemeBytes)
            && IsUriReference(text);
    }

    /// <summary>RFC 2046: type, slash, subtype; parameters are passed on unread.</summary>
    public static bool IsMediaType(ReadOnlySpan<byte> text)
    {
        var essence = Essence(text);
        var slash = essence.IndexOf((byte)'/');
        return slash > 0
            && slash < essence.Length - 1
            && !essence[..slash].ContainsAnyExcept(TokenBytes)
            && !essence[(slash + 1)..].ContainsAnyExcept(TokenBytes);
    }

    /// <summary>Whether a media type stands for JSON: subtype json, or any with the suffix +json (JSON format, section 3.1).</summary>
    public static bool IsJson(ReadOnlySpan<byte> mediaType)
    {
        var essence = Essence(mediaType);
        return EndsWith(essence, "/json"u8) || EndsWith(essence, "+json"u8);
    }

    private static ReadOnlySpan<byte> Essence(ReadOnlySpan<byte> mediaType)
    {
        var semicolon = mediaType.IndexOf((byte)';');
        return (semicolon < 0 ? mediaType : mediaType[..semicolon]).Trim((byte)' ');
    }

    private static bool EndsWith(ReadOnlySpan<byte> text, ReadOnlySpan<byte> end) =>
        text.Length >= end.Length && Ascii.EqualsIgnoreCase(text[^end.Length..], end);

    /// <summary>Runes of valid UTF-8.</summary>
    private ref struct Utf8Runes(ReadOnlySpan<byte> text)
    {
        private ReadOnlySpan<byte> _rest = text;

        public Rune Current { get; private set; }

        public readonly Utf8Runes GetEnumerator() => this;

        public bool MoveNext()
        {
            if (_rest.IsEmpty)
                return false;
            Rune.DecodeFromUtf8(_rest, out var rune, out var length);
            Current = rune;
            _rest = _rest[length..];
            return true;
        }
    }
}
