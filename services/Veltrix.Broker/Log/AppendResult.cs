using Veltrix.Broker.Protocol;

namespace Veltrix.Broker.Log;

/// <summary>What became of a produced batch.</summary>
/// <param name="Error">None when it was written, or had been written before.</param>
/// <param name="BaseOffset">Offset of its first record; -1 with an error.</param>
internal readonly record struct AppendResult(ErrorCode Error, long BaseOffset)
{
    /// <summary>The time that its records got, in milliseconds; -1 when they kept their own.</summary>
    public long AppendTimestamp { get; init; } = -1;

    /// <summary>Whether it was refused before the partition's records mattered: the answer does not tell where they begin.</summary>
    public bool IsUnread { get; init; }

    public static AppendResult Unread(ErrorCode error) => new(error, -1) { IsUnread = true };
}
