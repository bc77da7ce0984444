using System.Buffers;
using System.Buffers.Binary;
using Veltrix.Broker.Protocol;

namespace Veltrix.Broker.Network;

/// <summary>
/// Receives the requests of one connection within the limits of size, memory and time. What has come is read at once, so that
/// many short requests cost one system call, and handled where it lies. A request that is announced takes no more memory
/// than its first bytes before those have come: who announces much and sends nothing keeps nobody waiting.
/// </summary>
internal sealed class RequestReceiver(
    Stream stream,
    BrokerOptions options,
    BrokerMetrics metrics,
    ClientSession session,
    ByteBudget budget,
    TimeProvider time,
    CancellationToken stopping
) : IDisposable
{
    /// <summary>What a connection on which nothing comes, or one that waits for an answer to a short request, holds.</summary>
    private const int IdleBytes = 2 * 1024;

    private readonly Deadline _deadline = new(time, stopping);
    private readonly byte[] _idle = new byte[IdleBytes];

    // What has come and is not handled yet: in rented memory as long as it is more than fits into what an idle connection holds.
    private byte[]? _rented;
    private int _start;
    private int _end;

    private Memory<byte> Buffer => _rented is null ? _idle : _rented.AsMemory(0, ByteBudget.FirstBytes);

    private int Buffered => _end - _start;

    /// <summary>The next request, valid until the next call; null when the client has gone.</summary>
    /// <exception cref="MalformedRequestException">Its size is none that is allowed.</exception>
    /// <exception cref="OperationCanceledException">The client was silent for too long, or the broker stops.</exception>
    public async ValueTask<ReceivedRequest?> ReceiveAsync()
    {
        if (
            !await FillAsync(
                sizeof(int),
                session.IsAuthenticated ? options.MaximumIdleSeconds : options.MaximumReceiveSeconds
            )
        )
            return null;
        var bytes = BinaryPrimitives.ReadInt32BigEndian(Buffer.Span[_start..]);
        if (bytes <= 0 || bytes > (session.IsAuthenticated ? options.MaximumRequestBytes : ByteBudget.FirstBytes))
            throw new MalformedRequestException($"A request of {bytes} bytes.");
        metrics.SawRequest(bytes);
        _start += sizeof(int);
        return bytes <= ByteBudget.FirstBytes ? await ReceiveShortAsync(bytes) : await ReceiveLongAsync(bytes);
    }

    public void Dispose()
    {
        Release();
        _deadline.Dispose();
    }

    private async ValueTask<ReceivedRequest?> ReceiveShortAsync(int bytes)
    {
        if (!await FillAsync(bytes, options.MaximumReceiveSeconds))
            return null;
        var frame = Buffer.Slice(_start, bytes);
        _start += bytes;
        return new ReceivedRequest(frame);
    }

    private async ValueTask<ReceivedRequest?> ReceiveLongAsync(int bytes)
    {
        if (!await FillAsync(ByteBudget.FirstBytes, options.MaximumReceiveSeconds))
            return null;
        var api = (ApiKey)BinaryPrimitives.ReadInt16BigEndian(Buffer.Span[_start..]);
        if (api != ApiKey.Produce && bytes > options.MaximumControlRequestBytes)
            throw new MalformedRequestException($"A request of {bytes} bytes for {api}.");
        // Waiting for memory is no fault of the client's.
        await budget.TakeRestAsync(bytes);
        var request = ReceivedRequest.Rent(budget, bytes);
        try
        {
            Buffer[_start.._end].CopyTo(request.Frame);
            var received = Buffered;
            Release();
            if (await FillAsync(request.Frame[received..]))
                return request;
        }
        catch
        {
            request.Dispose();
            throw;
        }
        finally
        {
            budget.Received(_deadline);
        }
        request.Dispose();
        return null;
    }

    private async ValueTask<bool> FillAsync(Memory<byte> rest)
    {
        var limit = TimeSpan.FromSeconds(options.MaximumReceiveSeconds);
        var began = time.GetTimestamp();
        while (rest.Length > 0)
        {
            budget.Receiving(_deadline, limit - time.GetElapsedTime(began));
            var count = await stream.ReadAsync(rest, _deadline.Token);
            if (count == 0)
                return false;
            rest = rest[count..];
        }
        return true;
    }

    /// <summary>Reads until this many bytes have come; false when the client has gone before.</summary>
    private async ValueTask<bool> FillAsync(int bytes, int limitSeconds)
    {
        if (Buffered >= bytes)
            return true;
        _deadline.Set(TimeSpan.FromSeconds(limitSeconds));
        if (Buffered == 0)
            Release();
        while (Buffered < bytes)
        {
            MakeRoom(bytes);
            var count = await stream.ReadAsync(Buffer[_end..], _deadline.Token);
            if (count == 0)
                return false;
            _end += count;
        }
        _deadline.Clear();
        return true;
    }

    private void MakeRoom(int bytes)
    {
        var buffered = Buffer[_start.._end];
        if (_rented is null && (bytes > IdleBytes || _end == IdleBytes))
            _rented = ArrayPool<byte>.Shared.Rent(budget.TakeFirst(ByteBudget.FirstBytes));
        else if (_start + bytes <= Buffer.Length)
            return;
        buffered.CopyTo(Buffer);
        (_start, _end) = (0, buffered.Length);
    }

    private void Release()
    {
        (_start, _end) = (0, 0);
        if (_rented is null)
            return;
        ArrayPool<byte>.Shared.Return(_rented);
        _rented = null;
        budget.ReturnFirst(ByteBudget.FirstBytes);
    }
}
