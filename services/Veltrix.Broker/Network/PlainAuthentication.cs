using System.Security.Cryptography;
using System.Text;

namespace Veltrix.Broker.Network;

/// <summary>SASL/PLAIN (RFC 4616): the token is an authorization id (empty, or the user), the user and the password, zero bytes between.</summary>
internal sealed class PlainAuthentication(IReadOnlyDictionary<string, string> users)
{
    public const string Mechanism = "PLAIN";

    // Digests have one length, whatever the password's, so that the comparison takes the same time for all.
    private readonly Dictionary<string, byte[]> _digests = users.ToDictionary(
        user => user.Key,
        user => SHA256.HashData(Encoding.UTF8.GetBytes(user.Value)),
        StringComparer.Ordinal
    );

    public bool IsRequired => _digests.Count > 0;

    public bool IsValid(ReadOnlySpan<byte> token)
    {
        if (Encoding.UTF8.GetString(token).Split('\0') is not [var authorization, var user, var password])
            return false;
        var given = SHA256.HashData(Encoding.UTF8.GetBytes(password));
        var expected = _digests.GetValueOrDefault(user);
        // An unknown user costs a comparison, too.
        var matches = CryptographicOperations.FixedTimeEquals(given, expected ?? new byte[given.Length]);
        return matches && expected is not null && (authorization.Length == 0 || authorization == user);
    }
}
