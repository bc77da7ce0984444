using System.Buffers;

namespace Veltrix.Broker.Network;

/// <summary>The memory of one request: room for its first bytes, then for all of it, until it is disposed.</summary>
internal sealed class ReceivedRequest : IDisposable
{
    private readonly ByteBudget _budget;
    private readonly int _bytes;
    private byte[] _buffer;
    private int _room;

    public ReceivedRequest(ByteBudget budget, int bytes)
    {
        _budget = budget;
        _bytes = bytes;
        _room = budget.TakeFirst(bytes);
        _buffer = ArrayPool<byte>.Shared.Rent(_room);
    }

    /// <summary>What there is room for.</summary>
    public Memory<byte> Frame => _buffer.AsMemory(0, _room);

    /// <summary>Whether there is room for all of it.</summary>
    public bool IsWhole => _room == _bytes;

    /// <summary>Makes room for all of it, which may have to wait for others.</summary>
    public async ValueTask GrowAsync()
    {
        await _budget.TakeRestAsync(_bytes);
        var larger = ArrayPool<byte>.Shared.Rent(_bytes);
        Frame.CopyTo(larger);
        ArrayPool<byte>.Shared.Return(_buffer);
        (_buffer, _room) = (larger, _bytes);
    }

    public void Dispose()
    {
        ArrayPool<byte>.Shared.Return(_buffer);
        _buffer = [];
        _budget.ReturnFirst(_bytes);
        if (IsWhole && _bytes > ByteBudget.FirstBytes)
            _budget.ReturnRest(_bytes);
    }
}
