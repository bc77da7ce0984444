using System.Net.Sockets;
using System.Threading.Channels;
using Veltrix.Broker.Protocol;
using Veltrix.Broker.Protocol.Apis;

namespace Veltrix.Broker.Network;

/// <summary>Sends the answers of one connection in order, those of produce requests when their batches are durable.</summary>
internal sealed class AnswerSender(Stream stream, BrokerOptions options, TimeProvider time) : IDisposable
{
    private readonly AnswerBuffer _buffer = new(stream, options, time);
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

    /// <summary>Sends until <see cref="Complete"/>, or until nobody is there to answer to; ends every answer either way.</summary>
    public async Task RunAsync()
    {
        try
        {
            await SendAllAsync();
        }
        catch (Exception error)
            when (error is IOException or SocketException or ObjectDisposedException or OperationCanceledException)
        {
            // The client has gone, or does not read.
        }
        finally
        {
            // Ends the receiving side, too.
            await stream.DisposeAsync();
            await foreach (var answer in _answers.Reader.ReadAllAsync(CancellationToken.None))
                answer.End();
        }
    }

    public void Dispose() => _buffer.Dispose();

    private async Task SendAllAsync()
    {
        while (await _answers.Reader.WaitToReadAsync(CancellationToken.None))
        {
            while (_answers.Reader.TryRead(out var answer))
            {
                try
                {
                    await AddAsync(answer);
                }
                finally
                {
                    answer.End();
                }
            }
            await _buffer.FlushAsync();
        }
    }

    private async ValueTask AddAsync(Answer answer)
    {
        if (answer.Produce is { } produce)
        {
            // No answer waits because the next one has to wait for the disk.
            if (!produce.IsDurable)
                await _buffer.FlushAsync();
            await produce.WaitAsync(CancellationToken.None);
            produce.Write(answer.Response);
        }
        await _buffer.AddAsync(answer.Response);
        // Somebody waits until it is sent.
        if (answer.Sent is not null)
            await _buffer.FlushAsync();
    }

    private readonly record struct Answer(ProtocolWriter Response, PendingProduce? Produce, TaskCompletionSource? Sent)
    {
        public void End()
        {
            Response.Dispose();
            Sent?.TrySetResult();
        }
    }
}
