using System.Buffers.Binary;
using System.Net;
using System.Net.Http.Headers;

namespace Veltrix.Config.Benchmarks.Etcd;

/// <summary>
/// One gRPC call with one request and any number of answers (gRPC over HTTP/2: each message is a byte of flags, its length
/// in four bytes, big-endian, and its bytes). No client of gRPC is needed for more than that.
/// </summary>
internal sealed class GrpcCall : IDisposable
{
    private const int PrefixBytes = 5;
    private readonly HttpResponseMessage _response;
    private readonly Stream _body;
    private readonly OpenContent _request;
    private byte[] _message = new byte[16 * 1024];

    private GrpcCall(HttpResponseMessage response, Stream body, OpenContent request) =>
        (_response, _body, _request) = (response, body, request);

    /// <summary>A connection of its own; HTTP/2 without an upgrade.</summary>
    public static HttpClient Client(Uri address) =>
        new(new SocketsHttpHandler { UseProxy = false, ActivityHeadersPropagator = null })
        {
            BaseAddress = address,
            Timeout = Timeout.InfiniteTimeSpan,
            DefaultRequestVersion = HttpVersion.Version20,
            DefaultVersionPolicy = HttpVersionPolicy.RequestVersionExact,
        };

    /// <summary>Sends <paramref name="message"/>; the request ends when the call is disposed, as a watch needs it.</summary>
    public static async Task<GrpcCall> StartAsync(
        HttpClient client,
        string method,
        ReadOnlyMemory<byte> message,
        bool staysOpen,
        CancellationToken cancellation
    )
    {
        var content = new OpenContent(message, staysOpen);
        var request = new HttpRequestMessage(HttpMethod.Post, method)
        {
            Content = content,
            Version = HttpVersion.Version20,
            VersionPolicy = HttpVersionPolicy.RequestVersionExact,
        };
        request.Headers.TE.ParseAdd("trailers");
        var response = await client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, cancellation);
        response.EnsureSuccessStatusCode();
        return new GrpcCall(response, await response.Content.ReadAsStreamAsync(cancellation), content);
    }

    /// <summary>The next answer; valid until the one after.</summary>
    /// <exception cref="EndOfStreamException">The call has ended.</exception>
    public async ValueTask<ReadOnlyMemory<byte>> NextAsync(CancellationToken cancellation)
    {
        await _body.ReadExactlyAsync(_message.AsMemory(0, PrefixBytes), cancellation);
        var length = BinaryPrimitives.ReadInt32BigEndian(_message.AsSpan(1));
        if (length > _message.Length)
            _message = new byte[length];
        var message = _message.AsMemory(0, length);
        await _body.ReadExactlyAsync(message, cancellation);
        return message;
    }

    public void Dispose()
    {
        _request.End();
        _body.Dispose();
        _response.Dispose();
    }

    private sealed class OpenContent : HttpContent
    {
        private readonly byte[] _bytes;
        private readonly TaskCompletionSource _end = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public OpenContent(ReadOnlyMemory<byte> message, bool staysOpen)
        {
            _bytes = new byte[PrefixBytes + message.Length];
            BinaryPrimitives.WriteInt32BigEndian(_bytes.AsSpan(1), message.Length);
            message.CopyTo(_bytes.AsMemory(PrefixBytes));
            Headers.ContentType = new MediaTypeHeaderValue("application/grpc");
            if (!staysOpen)
                End();
        }

        public void End() => _end.TrySetResult();

        protected override async Task SerializeToStreamAsync(Stream stream, TransportContext? context)
        {
            await stream.WriteAsync(_bytes);
            await stream.FlushAsync();
            await _end.Task;
        }

        protected override bool TryComputeLength(out long length)
        {
            length = 0;
            return false;
        }
    }
}
