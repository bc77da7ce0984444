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
    private readonly Deadline _deadline = new(time, stopping);
    private readonly byte[] _size = new byte[sizeof(int)];

    /// <summary>The next request; null when the client has gone.</summary>
    /// <exception cref="MalformedRequestException">Its size is none that is allowed.</exception>
    /// <exception cref="OperationCanceledException">The client was silent for too long, or the broker stops.</exception>
    public async ValueTask<ReceivedRequest?> ReceiveAsync()
    {
        _deadline.Set(
            TimeSpan.FromSeconds(session.IsAuthenticated ? options.MaximumIdleSeconds : options.MaximumReceiveSeconds)
        );
        if (!await FillAsync(_size))
            return null;
        var bytes = BinaryPrimitives.ReadInt32BigEndian(_size);
        if (bytes <= 0 || bytes > (session.IsAuthenticated ? options.MaximumRequestBytes : ByteBudget.FirstBytes))
            throw new MalformedRequestException($"A request of {bytes} bytes.");
        metrics.SawRequest(bytes);
        _deadline.Set(TimeSpan.FromSeconds(options.MaximumReceiveSeconds));
        var request = new ReceivedRequest(budget, bytes);
        try
        {
            var isThere = await FillAsync(request.Frame);
            if (isThere && !request.IsWhole)
            {
                var received = request.Frame.Length;
                // Waiting for memory is no fault of the client's.
                _deadline.Clear();
                await request.GrowAsync();
                _deadline.Set(TimeSpan.FromSeconds(options.MaximumReceiveSeconds));
                isThere = await FillAsync(request.Frame[received..]);
            }
            _deadline.Clear();
            if (isThere)
                return request;
        }
        catch
        {
            request.Dispose();
            throw;
        }
        request.Dispose();
        return null;
    }

    public void Dispose() => _deadline.Dispose();

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
