namespace Veltrix.Broker.Compression;

/// <summary>Repeats what stands a distance back, as Snappy and LZ4 mean it: the copy may run into its own output.</summary>
internal static class OverlappingCopy
{
    /// <exception cref="InvalidDataException">It reaches before the start or beyond the end.</exception>
    public static void Run(Span<byte> output, int written, int distance, int length)
    {
        if (distance <= 0 || distance > written || length > output.Length - written)
            throw new InvalidDataException("A copy reaches out of its block.");
        if (distance >= length)
        {
            output.Slice(written - distance, length).CopyTo(output[written..]);
            return;
        }
        for (var index = 0; index < length; index++)
            output[written + index] = output[written + index - distance];
    }
}
