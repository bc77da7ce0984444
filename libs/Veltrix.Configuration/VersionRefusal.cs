namespace Veltrix.Configuration;

/// <summary>Why a node stays on the version that it has.</summary>
/// <param name="Version">The version that it does not take; null when not even that could be read.</param>
/// <param name="Reason">Why, in a sentence.</param>
public sealed record VersionRefusal(int? Version, string Reason)
{
    private const int MostErrors = 3;

    /// <summary>
    /// Null when <paramref name="version"/> may come into force. A node computes the hash itself: what it then reports is
    /// what it runs, not what it was told.
    /// </summary>
    public static VersionRefusal? Of(ConfigurationVersion version)
    {
        var hash = CanonicalJson.Hash(version.Configuration);
        if (!string.Equals(hash, version.Hash, StringComparison.Ordinal))
            return new(
                version.Number,
                $"The document's hash is {hash}, the version says {version.Hash}: it was changed on its way, or this node is of another release."
            );
        var errors = ConfigurationValidator.Validate(version.Configuration);
        return errors.Count == 0
            ? null
            : new(
                version.Number,
                string.Join(" ", errors.Take(MostErrors).Select(error => $"{error.Path}: {error.Message}"))
            );
    }
}
