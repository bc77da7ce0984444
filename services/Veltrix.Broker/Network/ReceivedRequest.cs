using System.Buffers;

namespace Veltrix.Broker.Network;

/// <summary>One request in memory, until it is disposed.</summary>
internal readonly struct ReceivedRequest(byte[] buffer, int bytes, ByteBudget budget) : IDisposable
{
    public Memory<byte> Frame => buffer.AsMemory(0, bytes);

    public void Dispose()
    {
        ArrayPool<byte>.Shared.Return(buffer);
        budget.Return(bytes);
    }
}
