using System.Globalization;

namespace Veltrix.Configuration.History;

/// <summary>Walks a history from its first version on, one version at a time, and keeps only the last chain hash.</summary>
public sealed class ChainCheck
{
    private bool _sealsReports;

    /// <summary>How many versions fitted.</summary>
    public int Versions { get; private set; }

    /// <summary>Chain hash of the last version that fitted; null before the first.</summary>
    public string? ChainHash { get; private set; }

    /// <summary>Takes the next version in the order of numbers.</summary>
    /// <param name="link">What the store says about it.</param>
    /// <param name="document">Its document as stored.</param>
    /// <param name="chainHash">Its chain hash as stored.</param>
    /// <returns>Why it does not fit, or null when it does.</returns>
    public ChainFault? Next(ChainLink link, string document, string chainHash)
    {
        ArgumentNullException.ThrowIfNull(link);
        var expected = Versions + 1;
        if (link.Number != expected)
            return new(expected, Invariant($"Version {expected} is missing: {link.Number} is the next."));
        if (link.Parent != (expected == 1 ? null : Versions))
            return new(expected, "Its parent is not the version before it.");
        if (HashChain.HashOf(document) != link.Hash)
            return new(expected, "Its document does not have the hash that was stored with it.");
        var isSealed = link.Report is not null && HashChain.Hash(ChainHash, link) == chainHash;
        // Versions from before reports were sealed; once one is, all that follow are.
        if (!isSealed && (_sealsReports || HashChain.Hash(ChainHash, link with { Report = null }) != chainHash))
            return new(
                expected,
                "Its chain hash does not follow from its parent's, its own content and its doctor's report."
            );
        _sealsReports = isSealed;
        (Versions, ChainHash) = (expected, chainHash);
        return null;
    }

    private static string Invariant(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
