using System.Buffers;
using System.Net.Sockets;
using System.Threading.Channels;
using Veltrix.Broker.Log;
using Veltrix.Broker.Protocol;
using Veltrix.Broker.Protocol.Apis;

namespace Veltrix.Broker.Network;

/// <summary>
/// Sends the answers of one connection in order. Records go from their file to the client in pieces, so that a client
/// that asks for much and reads slowly holds one piece of memory.
/// </summary>
internal sealed class AnswerSender(Stream stream, BrokerOptions options, TimeProvider time) : IDisposable
{
    private const int PieceBytes = 128 * 1024;

    private readonly record struct Answer(ProtocolWriter Response, PendingProduce? Produce, TaskCompletionSource? Sent);

    // What is still to be sent when the broker stops may be sent: its connections are closed when that takes too long.
    private readonly Deadline _deadline = new(time, CancellationToken.None);
    private readonly Channel<Answer> _answers = Channel.CreateBounded<Answer>(
        new BoundedChannelOptions(options.MaximumProducesInFlight) { SingleReader = true, SingleWriter = true }
    );

    /// <summary>Sends an answer once its batches are durable; returns before that.</summary>
    public ValueTask EnqueueAsync(ProtocolWriter response, PendingProduce produce) =>
        _answers.Writer.WriteAsync(new Answer(response, produce, null));

    /// <summary>Sends an answer after those before it; returns when it is sent, so that no client collects them.</summary>
    public async ValueTask SendAsync(ProtocolWriter response)
    {
        var sent = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        await _answers.Writer.WriteAsync(new Answer(response, null, sent));
        await sent.Task;
    }

    public void Complete() => _answers.Writer.TryComplete();

    public async Task RunAsync()
    {
        var broken = false;
        await foreach (var (response, produce, sent) in _answers.Reader.ReadAllAsync(CancellationToken.None))
        {
            try
            {
                if (broken)
                    continue;
                if (produce is not null)
                {
                    await produce.WaitAsync(CancellationToken.None);
                    produce.Write(response);
                }
                await WriteAsync(response);
            }
            catch (Exception error)
                when (error is IOException or SocketException or ObjectDisposedException or OperationCanceledException)
            {
                // Nobody is there to answer to; the stream's end also ends the receiving side.
                broken = true;
                await stream.DisposeAsync();
            }
            finally
            {
                response.Dispose();
                sent?.TrySetResult();
            }
        }
    }

    public void Dispose() => _deadline.Dispose();

    private async ValueTask WriteAsync(ProtocolWriter response)
    {
        var frame = response.Finish();
        if (response.Records.Count == 0)
        {
            await WriteAsync(frame);
            return;
        }
        var piece = ArrayPool<byte>.Shared.Rent(PieceBytes);
        try
        {
            await WriteInPiecesAsync(frame, response.Records, piece.AsMemory(0, PieceBytes));
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(piece);
        }
    }

    private async ValueTask WriteInPiecesAsync(
        ReadOnlyMemory<byte> frame,
        IReadOnlyList<(int Position, LogRange Range)> records,
        Memory<byte> piece
    )
    {
        var filled = 0;
        var written = 0;
        foreach (var (position, range) in records)
        {
            for (; written < position; await FlushIfFullAsync())
                Copy(position);
            for (var read = 0; read < range.Bytes; await FlushIfFullAsync())
            {
                var count = range.ReadAt(read, piece.Span[filled..]);
                read += count;
                filled += count;
            }
        }
        for (; written < frame.Length; await FlushIfFullAsync())
            Copy(frame.Length);
        await WriteAsync(piece[..filled]);

        void Copy(int end)
        {
            var count = Math.Min(end - written, piece.Length - filled);
            frame.Span.Slice(written, count).CopyTo(piece.Span[filled..]);
            written += count;
            filled += count;
        }

        async ValueTask FlushIfFullAsync()
        {
            if (filled < piece.Length)
                return;
            await WriteAsync(piece);
            filled = 0;
        }
    }

    private async ValueTask WriteAsync(ReadOnlyMemory<byte> bytes)
    {
        _deadline.Set(TimeSpan.FromSeconds(options.MaximumIdleSeconds));
        await stream.WriteAsync(bytes, _deadline.Token);
        _deadline.Clear();
    }
}
