using System.Buffers;
using Veltrix.Configuration;
using Veltrix.Events;

namespace Veltrix.Ingest.Admission;

/// <summary>
/// The bytes of one request in a pooled buffer, counted against the node's budget for as long as this lives. The budget
/// is asked before the bytes are read.
/// </summary>
internal sealed class RequestBody(InFlightBudget budget, IngestConfiguration limits) : IDisposable
{
    private const int FirstBufferBytes = 16 * 1024;

    private byte[] _buffer = [];
    private int _length;
    private long _taken;

    /// <summary>What was read.</summary>
    public ReadOnlyMemory<byte> Bytes => _buffer.AsMemory(0, _length);

    /// <summary>Reads to the end.</summary>
    /// <returns>Why the request is refused; null when the body is complete.</returns>
    /// <exception cref="BadHttpRequestException">The body is broken or came too slowly for the server's limits.</exception>
    public async ValueTask<EventFault?> ReadAsync(HttpRequest request, CancellationToken cancellation)
    {
        var announced = request.ContentLength;
        if (announced > limits.MaximumBodyBytes)
            return TooLarge($"The body has {announced} bytes");
        if (!TryGrow(announced is { } bytes ? (int)bytes : Math.Min(FirstBufferBytes, limits.MaximumBodyBytes)))
            return Overloaded();
        while (true)
        {
            if (_length == _taken)
            {
                // An announced length is the server's promise; without one only a further read shows the end.
                if (announced is not null)
                    return null;
                if (_length == limits.MaximumBodyBytes)
                    return await IsAtEndAsync(request, cancellation) ? null : TooLarge("The body goes on");
                if (!TryGrow((int)Math.Min(2 * _taken, limits.MaximumBodyBytes)))
                    return Overloaded();
            }
            var count = await request.Body.ReadAsync(_buffer.AsMemory(_length, (int)_taken - _length), cancellation);
            if (count == 0)
                return null;
            _length += count;
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        if (_buffer.Length > 0)
            ArrayPool<byte>.Shared.Return(_buffer);
        _buffer = [];
        budget.Return(_taken);
        _taken = 0;
    }

    private static async ValueTask<bool> IsAtEndAsync(HttpRequest request, CancellationToken cancellation) =>
        await request.Body.ReadAsync(new byte[1], cancellation) == 0;

    private bool TryGrow(int bytes)
    {
        if (!budget.TryTake(bytes - _taken, limits.MaximumBytesInFlight))
            return false;
        _taken = bytes;
        var larger = ArrayPool<byte>.Shared.Rent(bytes);
        _buffer.AsSpan(0, _length).CopyTo(larger);
        if (_buffer.Length > 0)
            ArrayPool<byte>.Shared.Return(_buffer);
        _buffer = larger;
        return true;
    }

    private EventFault TooLarge(string what) =>
        new(ErrorCatalogue.BodyTooLarge, $"{what}; at most {limits.MaximumBodyBytes} are taken.");

    private EventFault Overloaded() =>
        new(
            ErrorCatalogue.Overloaded,
            $"The node holds {budget.Bytes} of {limits.MaximumBytesInFlight} bytes that Kafka has not acknowledged yet."
        );
}
