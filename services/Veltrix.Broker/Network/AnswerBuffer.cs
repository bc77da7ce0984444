using System.Buffers;
using Veltrix.Broker.Protocol;

namespace Veltrix.Broker.Network;

/// <summary>
/// What goes to one client next. Short answers that are ready together go out together: each send costs the broker a system
/// call, and wakes the client. Records go from their file to the client in pieces, so that a client that asks for much and
/// reads slowly holds one piece of memory.
/// </summary>
internal sealed class AnswerBuffer(Stream stream, BrokerOptions options, TimeProvider time) : IDisposable
{
    private const int ShortBytes = 4 * 1024;
    private const int PieceBytes = 128 * 1024;

    // What is still to be sent when the broker stops may be sent: its connections are closed when that takes too long.
    private readonly Deadline _deadline = new(time, CancellationToken.None);
    private byte[] _piece = [];
    private int _filled;

    /// <summary>Takes an answer; some of it may be sent now, the rest with <see cref="FlushAsync"/>.</summary>
    public async ValueTask AddAsync(ProtocolWriter response)
    {
        var frame = response.Finish();
        if (response.Records.Count == 0)
        {
            await AddAsync(frame);
            return;
        }
        Grow(PieceBytes);
        var written = 0;
        foreach (var (position, range) in response.Records)
        {
            await AddAsync(frame[written..position]);
            written = position;
            for (var read = 0; read < range.Bytes; )
            {
                if (_filled == _piece.Length)
                    await SendPieceAsync();
                var count = range.ReadAt(read, _piece.AsSpan(_filled));
                read += count;
                _filled += count;
            }
        }
        await AddAsync(frame[written..]);
    }

    /// <summary>Sends what there is, and holds no memory after it.</summary>
    public async ValueTask FlushAsync()
    {
        if (_filled > 0)
            await SendPieceAsync();
        Release();
    }

    public void Dispose()
    {
        Release();
        _deadline.Dispose();
    }

    private async ValueTask AddAsync(ReadOnlyMemory<byte> bytes)
    {
        Grow(ShortBytes);
        if (bytes.Length > _piece.Length - _filled && _filled > 0)
            await SendPieceAsync();
        if (bytes.Length > _piece.Length)
        {
            await SendAsync(bytes);
            return;
        }
        bytes.CopyTo(_piece.AsMemory(_filled));
        _filled += bytes.Length;
    }

    private async ValueTask SendPieceAsync()
    {
        await SendAsync(_piece.AsMemory(0, _filled));
        _filled = 0;
    }

    private async ValueTask SendAsync(ReadOnlyMemory<byte> bytes)
    {
        _deadline.Set(TimeSpan.FromSeconds(options.MaximumIdleSeconds));
        await stream.WriteAsync(bytes, _deadline.Token);
        _deadline.Clear();
    }

    private void Grow(int bytes)
    {
        if (_piece.Length >= bytes)
            return;
        var larger = ArrayPool<byte>.Shared.Rent(bytes);
        _piece.AsSpan(0, _filled).CopyTo(larger);
        Return();
        _piece = larger;
    }

    private void Release()
    {
        Return();
        _piece = [];
        _filled = 0;
    }

    private void Return()
    {
        if (_piece.Length > 0)
            ArrayPool<byte>.Shared.Return(_piece);
    }
}
