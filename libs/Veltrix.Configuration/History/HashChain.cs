using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace Veltrix.Configuration.History;

/// <summary>
/// Chains the versions: each chain hash is SHA-256 over the parent's chain hash and everything the version says about
/// itself, so that a changed, removed or inserted version does not fit its successors. The bytes that are hashed are lines
/// <c>name:length:value</c>, where length counts the value's UTF-8 bytes, so that no value can imitate another line:
/// <code>
/// veltrix-chain-2
/// previous:64:7f83…        chain hash of the parent; of length 0 for the first version
/// number:1:2
/// parent:1:1               of length 0 for the first version
/// hash:64:87d4…            SHA-256 of the canonical document
/// author:8:operator
/// reason:12:More workers
/// time:27:2026-11-21T13:40:06.123456Z
/// report:64:e3b0…          SHA-256 of the doctor's report as it is stored
/// </code>
/// Each line ends with a line feed, the last one too. A version without a report, or from before reports were sealed, has
/// the form <c>veltrix-chain-1</c>, which lacks the last line.
/// </summary>
public static class HashChain
{
    private const string FormWithoutReport = "veltrix-chain-1\n";
    private const string Form = "veltrix-chain-2\n";

    /// <summary>The chain hash of <paramref name="link"/>, lower-case hexadecimal.</summary>
    /// <param name="previous">Chain hash of the parent; null for the first version.</param>
    /// <param name="link">The version.</param>
    public static string Hash(string? previous, ChainLink link)
    {
        ArgumentNullException.ThrowIfNull(link);
        var text = new StringBuilder(link.Report is null ? FormWithoutReport : Form);
        Append(text, "previous", previous ?? "");
        Append(text, "number", link.Number.ToString(CultureInfo.InvariantCulture));
        Append(text, "parent", link.Parent?.ToString(CultureInfo.InvariantCulture) ?? "");
        Append(text, "hash", link.Hash);
        Append(text, "author", link.Author);
        Append(text, "reason", link.Reason);
        Append(
            text,
            "time",
            link.PublishedAt.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss.ffffff'Z'", CultureInfo.InvariantCulture)
        );
        if (link.Report is not null)
            Append(text, "report", link.Report);
        return HashOf(text.ToString());
    }

    /// <summary>SHA-256 of a text in UTF-8, lower-case hexadecimal; null for no text.</summary>
    [return: NotNullIfNotNull(nameof(text))]
    public static string? HashOf(string? text) =>
        text is null ? null : Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text)));

    private static void Append(StringBuilder text, string name, string value) =>
        text.Append(CultureInfo.InvariantCulture, $"{name}:{Encoding.UTF8.GetByteCount(value)}:{value}\n");
}
