using System.Buffers;
using System.Buffers.Binary;
using Veltrix.Broker.Protocol;

namespace Veltrix.Broker.Network;

/// <summary>
/// Receives the requests of one connection within the limits of size, memory and time. A request that is announced takes
/// no more memory than its first bytes before those have come: who announces much and sends nothing keeps nobody waiting.
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
    /// <summary>What every connection may have in memory without waiting; all that it may before its client is known.</summary>
    public const int SmallBytes = 64 * 1024;

    private readonly Deadline _deadline = new(time, stopping);
    private readonly byte[] _size = new byte[sizeof(int)];

    /// <summary>The next request; null when the client has gone.</summary>
    /// <exception cref="MalformedRequestException">Its size is none that is allowed.</exception>
    /// <exception cref="OperationCanceledException">The client was silent for too long, or the broker stops.</exception>
    public async ValueTask<ReceivedRequest?> ReceiveAsync()
    {
        _deadline.Set(TimeSpan.FromSeconds(options.MaximumIdleSeconds));
        if (!await FillAsync(_size))
            return null;
        var bytes = BinaryPrimitives.ReadInt32BigEndian(_size);
        if (bytes <= 0 || bytes > (session.IsAuthenticated ? options.MaximumRequestBytes : SmallBytes))
            throw new MalformedRequestException($"A request of {bytes} bytes.");
        metrics.SawRequest(bytes);
        _deadline.Set(TimeSpan.FromSeconds(options.MaximumReceiveSeconds));
        var small = Math.Min(bytes, SmallBytes);
        budget.TakeAtOnce(small);
        var received = new ReceivedRequest(ArrayPool<byte>.Shared.Rent(small), small, budget);
        try
        {
            if (!await FillAsync(received.Frame))
                return Drop(received);
            if (bytes > small)
            {
                received = await GrowAsync(received, bytes);
                if (!await FillAsync(received.Frame[small..]))
                    return Drop(received);
            }
            _deadline.Clear();
            return received;
        }
        catch
        {
            received.Dispose();
            throw;
        }
    }

    public void Dispose() => _deadline.Dispose();

    private static ReceivedRequest? Drop(ReceivedRequest received)
    {
        received.Dispose();
        return null;
    }

    private async ValueTask<ReceivedRequest> GrowAsync(ReceivedRequest small, int bytes)
    {
        // Waiting for memory is no fault of the client's.
        _deadline.Clear();
        await budget.TakeAsync(bytes - small.Frame.Length);
        _deadline.Set(TimeSpan.FromSeconds(options.MaximumReceiveSeconds));
        var buffer = ArrayPool<byte>.Shared.Rent(bytes);
        small.Frame.CopyTo(buffer);
        budget.TakeAtOnce(small.Frame.Length);
        small.Dispose();
        return new ReceivedRequest(buffer, bytes, budget);
    }

    private async ValueTask<bool> FillAsync(Memory<byte> target)
    {
        while (target.Length > 0)
        {
            var count = await stream.ReadAsync(target, _deadline.Token);
            if (count == 0)
                return false;
            target = target[count..];
        }
        return true;
    }
}
