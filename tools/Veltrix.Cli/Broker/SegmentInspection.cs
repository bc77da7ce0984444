using System.Globalization;
using Veltrix.Events;
using Veltrix.RecordBatches;

namespace Veltrix.Cli.Broker;

/// <summary>What stands in one segment.</summary>
/// <param name="Summary">One line.</param>
/// <param name="Faults">What does not fit; empty for a good segment.</param>
/// <param name="NextOffset">Offset that the next segment may begin with.</param>
internal sealed record SegmentInspection(string Summary, IReadOnlyList<string> Faults, long NextOffset)
{
    private static readonly string[] Codecs = ["none", "gzip", "snappy", "lz4", "zstd"];

    /// <summary>Reads a segment from its beginning to the last whole batch.</summary>
    /// <param name="file">Its path; the name is the offset that it begins with.</param>
    /// <param name="leastOffset">Where the segment before it ends.</param>
    /// <param name="batches">Gets a line for each batch.</param>
    /// <exception cref="CliException">The file's name is no offset.</exception>
    public static SegmentInspection Read(string file, long leastOffset, TextWriter batches)
    {
        var name = Path.GetFileName(file);
        if (!long.TryParse(Path.GetFileNameWithoutExtension(file), NumberStyles.None, null, out var baseOffset))
            throw new CliException(ErrorCatalogue.UnreadableInput, $"{file} is no segment: its name is no offset.");
        // A running broker may be writing to it.
        using var handle = File.OpenHandle(file, share: FileShare.ReadWrite | FileShare.Delete);
        var bytes = RandomAccess.GetLength(handle);
        var scanner = new BatchScanner(handle, 0, bytes, verifyCrc: true);
        var faults = new List<string>();
        if (baseOffset < leastOffset)
            faults.Add($"begins at offset {baseOffset}, the segment before it ends at {leastOffset}");
        var (count, records, next, maximum) = (0L, 0L, baseOffset, -1L);
        while (scanner.Next(out var header))
        {
            if (header.BaseOffset < next)
                faults.Add($"byte {scanner.Position}: offset {header.BaseOffset} where {next} was due");
            count++;
            records += header.IsControl ? 0 : header.RecordCount;
            next = header.NextOffset;
            maximum = Math.Max(maximum, header.MaximumTimestamp);
            if (batches != TextWriter.Null)
                batches.WriteLine(Line(header, scanner.Position));
        }
        if (scanner.NextPosition < bytes)
            faults.Add(
                $"byte {scanner.NextPosition}: the last {bytes - scanner.NextPosition} bytes are no whole batch with a fitting checksum"
            );
        var newest =
            maximum < 0
                ? ""
                : $", newest {DateTimeOffset.FromUnixTimeMilliseconds(maximum):yyyy-MM-dd'T'HH:mm:ss.fff'Z'}";
        return new(
            $"{name}: offsets {baseOffset} to {next - 1}, {count} batches, {records} records, {bytes} bytes{newest}",
            faults,
            next
        );
    }

    private static string Line(BatchHeader header, long position)
    {
        var codec = header.Compression < Codecs.Length ? Codecs[header.Compression] : $"codec {header.Compression}";
        var producer =
            header.ProducerId < 0
                ? ""
                : $", producer {header.ProducerId} epoch {header.ProducerEpoch} sequence {header.BaseSequence}";
        var kind = (header.IsControl, header.IsTransactional) switch
        {
            (true, _) => ", end of a transaction",
            (_, true) => ", in a transaction",
            _ => "",
        };
        return $"    byte {position}: offsets {header.BaseOffset} to {header.NextOffset - 1}, {header.RecordCount} records, "
            + $"{header.TotalBytes} bytes, {codec}, leader epoch {header.LeaderEpoch}{producer}{kind}";
    }
}
