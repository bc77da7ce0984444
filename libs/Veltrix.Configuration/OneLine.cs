using System.Text;

namespace Veltrix.Configuration;

/// <summary>Texts that are kept, logged and shown: one line of bounded length, which every store and encoding takes.</summary>
public static class OneLine
{
    /// <summary>Whether <paramref name="text"/> is one: 1 to <paramref name="maximumCharacters"/> characters, none of them a control character.</summary>
    public static bool Is(string text, int maximumCharacters)
    {
        ArgumentNullException.ThrowIfNull(text);
        return text.Length >= 1 && text.Length <= maximumCharacters && !text.Any(char.IsControl);
    }

    /// <summary>Makes one of any text: blanks for control characters (PostgreSQL knows no U+0000), and an end where it is too long.</summary>
    /// <param name="text">Any text; lone surrogates, which no encoding takes, are replaced.</param>
    /// <param name="maximumCharacters">At most so many characters are left.</param>
    public static string Of(string text, int maximumCharacters)
    {
        ArgumentNullException.ThrowIfNull(text);
        var line = string.Concat(text.EnumerateRunes().Select(rune => Rune.IsControl(rune) ? " " : rune.ToString()));
        if (line.Length <= maximumCharacters)
            return line;
        var length = maximumCharacters - 1;
        // Half of a pair is no character.
        if (char.IsHighSurrogate(line[length - 1]))
            length--;
        return $"{line.AsSpan(0, length)}…";
    }
}
