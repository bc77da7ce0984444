using System.Security.Cryptography;
using System.Text;

namespace Veltrix.Processor.Workflows;

/// <summary>MassTransit knows its instances by a GUID, hunts have a text for an id.</summary>
internal static class HuntIds
{
    private const int GuidBytes = 16;

    /// <summary>The first 128 bits of SHA-256 over the hunt's id: the same on every node, for ever.</summary>
    public static Guid Correlation(string huntId)
    {
        Span<byte> hash = stackalloc byte[SHA256.HashSizeInBytes];
        SHA256.HashData(Encoding.UTF8.GetBytes(huntId), hash);
        return new Guid(hash[..GuidBytes], bigEndian: true);
    }
}
