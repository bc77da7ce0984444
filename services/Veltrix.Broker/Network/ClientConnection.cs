using System.Net.Sockets;
using System.Threading.Channels;
using Veltrix.Broker.Protocol;
using Veltrix.Broker.Protocol.Apis;
using Veltrix.ServiceDefaults;

namespace Veltrix.Broker.Network;

/// <summary>
/// One client. Requests are handled one at a time and answered in order, as Kafka does; only produce requests go on
/// while earlier ones wait for the disk, so that one sync acknowledges many of them.
/// </summary>
internal sealed partial class ClientConnection(
    Stream stream,
    ClientEnd client,
    BrokerNode node,
    ApiTable apis,
    ByteBudget budget,
    ILogger logger
)
{
    private static readonly TimeSpan LookInterval = TimeSpan.FromSeconds(1);

    private readonly AnswerSender _sender = new(stream, node.Options, node.Time);
    private readonly ClientSession _session = new(client.Authentication);
    private readonly string _clientHost = client.Host;

    /// <summary>Serves the client until it goes, misbehaves, or the broker stops.</summary>
    public async Task RunAsync(CancellationToken stopping)
    {
        using var receiver = new RequestReceiver(
            stream,
            node.Options,
            node.Metrics,
            _session,
            budget,
            node.Time,
            stopping
        );
        var sending = _sender.RunAsync();
        try
        {
            while (!_session.IsRefused && await receiver.ReceiveAsync() is { } received)
            {
                // What it takes is given back before its answer is sent: that may take as long as the client likes.
                ProtocolWriter? response;
                using (received)
                    response = await HandleAsync(received, stopping);
                if (response is not null)
                    await _sender.SendAsync(response);
            }
        }
        catch (MalformedRequestException error)
        {
            Log.Refused(logger, _clientHost, error.Message);
        }
        catch (OperationCanceledException) when (!stopping.IsCancellationRequested)
        {
            Log.Silent(logger, _clientHost);
        }
        catch (Exception error)
            when (error
                    is IOException
                        or SocketException
                        or ObjectDisposedException
                        or OperationCanceledException
                        or ChannelClosedException
            )
        {
            // The client went, or the broker stops; what is appended is acknowledged below as far as it can be.
        }
        catch (Exception error)
        {
            Log.Failed(logger, error, _clientHost);
        }
        finally
        {
            _sender.Complete();
            await EndAsync(sending);
            _sender.Dispose();
        }
    }

    private async Task EndAsync(Task sending)
    {
        try
        {
            await sending;
        }
        catch (Exception error)
        {
            Log.Failed(logger, error, _clientHost);
        }
    }

    /// <returns>What is to be answered now; null for a produce request, which is answered when its batches are durable.</returns>
    private async ValueTask<ProtocolWriter?> HandleAsync(ReceivedRequest received, CancellationToken stopping)
    {
        if (_session.ExpectsBareToken)
            return Authenticate(received.Frame.Span);
        var (api, request) = ParseHeader(received.Frame);
        node.Metrics.Requests.Add(1, new KeyValuePair<string, object?>(TelemetryNames.Tags.Api, api.Name));
        // The response header got tags together with the flexible versions, except for ApiVersions, whose reader
        // does not know yet what the broker speaks (KIP-511).
        var response = new ProtocolWriter(
            request.CorrelationId,
            request.Flexible,
            headerTags: request.Flexible && request.Api != ApiKey.ApiVersions
        );
        try
        {
            if (request.Api == ApiKey.Produce)
            {
                await ProduceAsync(request, response, stopping);
                return null;
            }
            if (IsUnsupported(api, request.Version))
                apis.Versions.AnswerUnsupported(response);
            else
                await AnswerAsync(api, request, received, response, stopping);
            return response;
        }
        catch
        {
            response.Dispose();
            throw;
        }
    }

    /// <summary>After a handshake of version 0 the token comes without a request around it, and so goes its answer.</summary>
    private ProtocolWriter Authenticate(ReadOnlySpan<byte> token) =>
        _session.Authenticate(token)
            ? ProtocolWriter.Bare()
            : throw new MalformedRequestException("Unknown user or password.");

    /// <summary>Answers; a client that goes while its request waits is noticed, so that nothing is held for it.</summary>
    private async ValueTask AnswerAsync(
        Api api,
        ApiRequest request,
        ReceivedRequest received,
        ProtocolWriter response,
        CancellationToken stopping
    )
    {
        using var gone = CancellationTokenSource.CreateLinkedTokenSource(stopping);
        var answering = api.AnswerAsync(request, response, gone.Token);
        if (answering.IsCompleted)
        {
            await answering;
            return;
        }
        // Every API has read its request before it waits for anything.
        received.Dispose();
        var answered = answering.AsTask();
        while (!answered.IsCompleted && !gone.IsCancellationRequested)
        {
            await Task.WhenAny(answered, Task.Delay(LookInterval, node.Time, gone.Token));
            if (!answered.IsCompleted && client.IsGone())
                await gone.CancelAsync();
        }
        // Ends the wait of a second, too: what it holds must not stay for that long.
        await gone.CancelAsync();
        try
        {
            await answered;
        }
        catch (OperationCanceledException error) when (!stopping.IsCancellationRequested)
        {
            throw new IOException("The client has gone.", error);
        }
    }

    private async ValueTask ProduceAsync(ApiRequest request, ProtocolWriter response, CancellationToken stopping)
    {
        var pending = apis.Produce.Append(request);
        if (pending.WantsAnswer)
        {
            await _sender.EnqueueAsync(response, pending);
            return;
        }
        response.Dispose();
        if (pending.HasErrors)
            throw new MalformedRequestException("A produce request without acknowledgement failed.");
        // Without answers to wait for, this is what keeps such a client from running ahead of the disk.
        await pending.WaitAsync(stopping);
    }

    private (Api Api, ApiRequest Request) ParseHeader(Memory<byte> frame)
    {
        var reader = new ProtocolReader(frame.Span, flexible: false);
        var key = (ApiKey)reader.ReadInt16();
        var version = reader.ReadInt16();
        var correlationId = reader.ReadInt32();
        var api = apis.Find(key) ?? throw new MalformedRequestException($"Unknown API {(short)key}.");
        if (key != ApiKey.ApiVersions && IsUnsupported(api, version))
            throw new MalformedRequestException($"{key} version {version} is not supported.");
        if (!_session.IsAuthenticated && !IsAllowedBefore(key))
            throw new MalformedRequestException($"{key} before authentication.");
        var flexible = api.IsFlexible(version) && !IsUnsupported(api, version);
        var clientId = reader.ReadNullableString();
        var position = reader.Position;
        if (flexible)
        {
            var tags = new ProtocolReader(frame.Span[position..], flexible: true);
            tags.SkipTags();
            position += tags.Position;
        }
        return (
            api,
            new ApiRequest(key, version, correlationId, clientId, _clientHost, flexible, _session, frame[position..])
        );
    }

    private static bool IsAllowedBefore(ApiKey key) =>
        key is ApiKey.ApiVersions or ApiKey.SaslHandshake or ApiKey.SaslAuthenticate;

    private static bool IsUnsupported(Api api, short version) =>
        version < api.MinimumVersion || version > api.MaximumVersion;

    private static partial class Log
    {
        [LoggerMessage(LogLevel.Warning, "Closing the connection of {Client}: {Reason}")]
        public static partial void Refused(ILogger logger, string client, string reason);

        [LoggerMessage(
            LogLevel.Information,
            "Closing the connection of {Client}: nothing came from it for too long (Broker:MaximumIdleSeconds, Broker:MaximumReceiveSeconds)"
        )]
        public static partial void Silent(ILogger logger, string client);

        [LoggerMessage(LogLevel.Error, "A request of {Client} failed; its connection is closed")]
        public static partial void Failed(ILogger logger, Exception error, string client);
    }
}
