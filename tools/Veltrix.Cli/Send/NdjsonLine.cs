namespace Veltrix.Cli.Send;

/// <summary>One line of the input that is not blank.</summary>
/// <param name="Number">Its number, from 1.</param>
/// <param name="Json">Its bytes; empty when the line was longer than allowed.</param>
/// <param name="ReadBytes">Bytes of the input read so far.</param>
internal sealed record NdjsonLine(long Number, byte[] Json, long ReadBytes)
{
    public bool IsTooLong => Json.Length == 0;
}
