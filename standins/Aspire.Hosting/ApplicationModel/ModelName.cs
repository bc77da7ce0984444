using System.Text.RegularExpressions;

namespace Aspire.Hosting.ApplicationModel;

/// <summary>Names become host names and parts of environment variables, hence the narrow alphabet.</summary>
internal static partial class ModelName
{
    private const int MaximumLengthCharacters = 64;

    /// <exception cref="ArgumentException">The name breaks a rule; the message says which.</exception>
    public static void Validate(string kind, string name)
    {
        ArgumentException.ThrowIfNullOrEmpty(name);
        var rule = name switch
        {
            { Length: > MaximumLengthCharacters } => "Name must be between 1 and 64 characters long.",
            _ when NotAllowed().IsMatch(name) => "Name must contain only ASCII letters, digits, and hyphens.",
            _ when !char.IsAsciiLetter(name[0]) => "Name must start with an ASCII letter.",
            _ when name.EndsWith('-') => "Name cannot end with a hyphen.",
            _ when name.Contains("--", StringComparison.Ordinal) => "Name cannot contain consecutive hyphens.",
            _ => null,
        };
        if (rule is not null)
            throw new ArgumentException($"{kind} name '{name}' is invalid. {rule}", nameof(name));
    }

    [GeneratedRegex("[^A-Za-z0-9-]", RegexOptions.None, matchTimeoutMilliseconds: 1000)]
    private static partial Regex NotAllowed();
}
