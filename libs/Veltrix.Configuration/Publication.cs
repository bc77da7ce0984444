namespace Veltrix.Configuration;

/// <summary>What a publisher sends to make a new version.</summary>
/// <param name="Reason">Why, 1 to <see cref="MaximumReasonCharacters"/> characters; kept with the version for ever.</param>
/// <param name="Configuration">The document.</param>
public sealed record Publication(string Reason, PlatformConfiguration Configuration)
{
    /// <summary>Longest reason, in characters.</summary>
    public const int MaximumReasonCharacters = 500;
}
