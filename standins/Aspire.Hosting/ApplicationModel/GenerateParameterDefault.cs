using System.Security.Cryptography;
using Aspire.Hosting.Publishing;

namespace Aspire.Hosting.ApplicationModel;

/// <summary>A random text. Its letters are hard to take for one another, its signs safe in connection strings and shells.</summary>
public sealed class GenerateParameterDefault : ParameterDefault
{
    private const string LowerLetters = "abcdefghjkmnpqrstuvwxyz";
    private const string UpperLetters = "ABCDEFGHJKMNPQRSTUVWXYZ";
    private const string Digits = "0123456789";
    private const string Signs = "-_.{}~()*+!";

    public int MinLength { get; set; }

    public bool Lower { get; set; } = true;

    public bool Upper { get; set; } = true;

    public bool Numeric { get; set; } = true;

    public bool Special { get; set; } = true;

    public int MinLower { get; set; }

    public int MinUpper { get; set; }

    public int MinNumeric { get; set; }

    public int MinSpecial { get; set; }

    /// <exception cref="InvalidOperationException">A kind of character is wanted and excluded, or all are excluded.</exception>
    public override string GetDefaultValue()
    {
        (bool Allowed, int Minimum, string Alphabet)[] kinds =
        [
            (Lower, MinLower, LowerLetters),
            (Upper, MinUpper, UpperLetters),
            (Numeric, MinNumeric, Digits),
            (Special, MinSpecial, Signs),
        ];
        if (Array.Exists(kinds, kind => !kind.Allowed && kind.Minimum > 0))
            throw new InvalidOperationException("A kind of character that is excluded cannot have a minimum.");
        var alphabet = string.Concat(kinds.Where(kind => kind.Allowed).Select(kind => kind.Alphabet));
        if (alphabet.Length == 0)
            throw new InvalidOperationException("At least one kind of character must be allowed.");
        var characters = kinds
            .SelectMany(kind => RandomNumberGenerator.GetItems<char>(kind.Alphabet, kind.Minimum))
            .ToList();
        characters.AddRange(RandomNumberGenerator.GetItems<char>(alphabet, Math.Max(0, MinLength - characters.Count)));
        var value = characters.ToArray();
        RandomNumberGenerator.Shuffle<char>(value);
        return new string(value);
    }

    public override void WriteToManifest(ManifestPublishingContext context)
    {
        var writer = context.Writer;
        writer.WriteStartObject("generate");
        writer.WriteNumber("minLength", MinLength);
        WriteExclusion("lower", Lower);
        WriteExclusion("upper", Upper);
        WriteExclusion("numeric", Numeric);
        WriteExclusion("special", Special);
        WriteMinimum("minLower", MinLower);
        WriteMinimum("minUpper", MinUpper);
        WriteMinimum("minNumeric", MinNumeric);
        WriteMinimum("minSpecial", MinSpecial);
        writer.WriteEndObject();

        void WriteExclusion(string name, bool allowed)
        {
            if (!allowed)
                writer.WriteBoolean(name, false);
        }

        void WriteMinimum(string name, int minimum)
        {
            if (minimum > 0)
                writer.WriteNumber(name, minimum);
        }
    }
}
