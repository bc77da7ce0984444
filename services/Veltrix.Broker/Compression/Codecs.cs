namespace Veltrix.Broker.Compression;

/// <summary>The codecs by their number in a batch's attributes.</summary>
internal static class Codecs
{
    /// <summary>Null for 0 (not compressed).</summary>
    /// <exception cref="InvalidDataException">No such codec.</exception>
    public static ICodec? Find(int number) =>
        number switch
        {
            0 => null,
            1 => GzipCodec.Instance,
            2 => SnappyCodec.Instance,
            3 => Lz4Codec.Instance,
            4 => ZstandardCodec.Instance,
            _ => throw new InvalidDataException($"Unknown compression codec {number}."),
        };
}
