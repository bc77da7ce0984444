using Veltrix.Broker.Protocol;

namespace Veltrix.Broker.Log;

/// <summary>What became of a produced batch.</summary>
/// <param name="Error">None when it was written, or had been written before.</param>
/// <param name="BaseOffset">Offset of its first record; -1 with an error.</param>
internal readonly record struct AppendResult(ErrorCode Error, long BaseOffset);
