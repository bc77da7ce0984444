using System.Buffers;

namespace Veltrix.Broker.Network;

/// <summary>A request and where it lies: among others that came with it, or in memory of its own until it is disposed.</summary>
internal sealed class ReceivedRequest : IDisposable
{
    private readonly ByteBudget? _budget;
    private byte[] _own = [];

    /// <param name="frame">Where it lies in the memory of others.</param>
    public ReceivedRequest(Memory<byte> frame) => Frame = frame;

    private ReceivedRequest(ByteBudget budget, int bytes)
    {
        _budget = budget;
        budget.TakeFirst(bytes);
        _own = ArrayPool<byte>.Shared.Rent(bytes);
        Frame = _own.AsMemory(0, bytes);
    }

    /// <summary>Its bytes, without the size in front.</summary>
    public Memory<byte> Frame { get; }

    /// <summary>Memory of its own. What it has beyond <see cref="ByteBudget.FirstBytes"/> was taken from the budget already.</summary>
    public static ReceivedRequest Rent(ByteBudget budget, int bytes) => new(budget, bytes);

    public void Dispose()
    {
        if (_own.Length == 0)
            return;
        ArrayPool<byte>.Shared.Return(_own);
        _own = [];
        _budget!.ReturnFirst(Frame.Length);
        if (Frame.Length > ByteBudget.FirstBytes)
            _budget.ReturnRest(Frame.Length);
    }
}
