using System.Buffers.Text;
using System.Net.Security;
using System.Net.Sockets;
using System.Text;

namespace Veltrix.Cli.Watchers;

/// <summary>
/// One connection that speaks as much HTTP/1.1 (RFC 9112) as a node needs. Thousands of nodes share the machine with what
/// they measure: a general client costs more for one report than the service that answers it.
/// </summary>
internal sealed class NodeConnection : IDisposable
{
    private const int BufferBytes = 4 * 1024;
    private const int LongestBodyBytes = 64 * 1024;

    private readonly Stream _stream;
    private readonly byte[] _buffer = new byte[BufferBytes];
    private int _start;
    private int _end;

    private NodeConnection(Stream stream) => _stream = stream;

    public static async Task<NodeConnection> OpenAsync(Uri address, CancellationToken cancellation)
    {
        var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        try
        {
            await socket.ConnectAsync(address.DnsSafeHost, address.Port, cancellation);
            var stream = new NetworkStream(socket, ownsSocket: true);
            if (address.Scheme != Uri.UriSchemeHttps)
                return new NodeConnection(stream);
            var secured = new SslStream(stream);
            await secured.AuthenticateAsClientAsync(
                new SslClientAuthenticationOptions { TargetHost = address.DnsSafeHost },
                cancellation
            );
            return new NodeConnection(secured);
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }

    /// <summary>Sends a request and reads the head of its answer.</summary>
    /// <exception cref="IOException">The connection broke, or the answer is not HTTP/1.1.</exception>
    public async ValueTask<NodeAnswer> SendAsync(ReadOnlyMemory<byte> request, CancellationToken cancellation)
    {
        await _stream.WriteAsync(request, cancellation);
        // HTTP/1.1 204 No Content
        var status = Status(await LineAsync(cancellation));
        long length = 0;
        var isChunked = false;
        for (var line = await LineAsync(cancellation); line.Length > 0; line = await LineAsync(cancellation))
        {
            if (Value(line.Span, "content-length:"u8) is { IsEmpty: false } digits)
                length = Utf8Parser.TryParse(digits, out long number, out _) ? number : throw NotHttp();
            isChunked |= Value(line.Span, "transfer-encoding:"u8).SequenceEqual("chunked"u8);
        }
        return new NodeAnswer(status, length, isChunked);
    }

    /// <summary>The whole body of an answer.</summary>
    public async ValueTask<byte[]> BodyAsync(NodeAnswer answer, CancellationToken cancellation)
    {
        if (answer.Length > LongestBodyBytes)
            throw NotHttp();
        using var body = new MemoryStream();
        var chunk = new byte[BufferBytes];
        var left = answer.Length;
        if (answer.IsChunked)
        {
            var chunks = new ChunkedBody(this);
            for (var read = 1; read > 0 && body.Length <= LongestBodyBytes; )
            {
                read = await chunks.ReadAsync(chunk, cancellation);
                body.Write(chunk, 0, read);
            }
            return body.ToArray();
        }
        while (left > 0)
        {
            var read = await ReadAsync(chunk.AsMemory(0, (int)Math.Min(left, chunk.Length)), cancellation);
            body.Write(chunk, 0, read);
            left -= read;
        }
        return body.ToArray();
    }

    /// <summary>At least one byte of what comes next.</summary>
    public async ValueTask<int> ReadAsync(Memory<byte> destination, CancellationToken cancellation)
    {
        if (_start == _end)
            await FillAsync(cancellation);
        var count = Math.Min(destination.Length, _end - _start);
        _buffer.AsMemory(_start, count).CopyTo(destination);
        _start += count;
        return count;
    }

    /// <summary>The next line without its end; valid until the next call.</summary>
    public async ValueTask<ReadOnlyMemory<byte>> LineAsync(CancellationToken cancellation)
    {
        while (true)
        {
            var length = _buffer.AsSpan(_start, _end - _start).IndexOf("\r\n"u8);
            if (length >= 0)
            {
                var line = _buffer.AsMemory(_start, length);
                _start += length + 2;
                return line;
            }
            await FillAsync(cancellation);
        }
    }

    public void Dispose() => _stream.Dispose();

    private async ValueTask FillAsync(CancellationToken cancellation)
    {
        if (_start > 0)
        {
            _buffer.AsSpan(_start, _end - _start).CopyTo(_buffer);
            (_start, _end) = (0, _end - _start);
        }
        if (_end == _buffer.Length)
            throw NotHttp();
        var read = await _stream.ReadAsync(_buffer.AsMemory(_end), cancellation);
        _end += read > 0 ? read : throw new IOException("The configuration service ended the connection.");
    }

    private static int Status(ReadOnlyMemory<byte> line) =>
        line.Span.StartsWith("HTTP/1.1 "u8) && Utf8Parser.TryParse(line.Span[9..], out int status, out _)
            ? status
            : throw NotHttp();

    private static ReadOnlySpan<byte> Value(ReadOnlySpan<byte> line, ReadOnlySpan<byte> name) =>
        line.Length >= name.Length && Ascii.EqualsIgnoreCase(line[..name.Length], name)
            ? line[name.Length..].Trim((byte)' ')
            : default;

    internal static IOException NotHttp() => new("The configuration service did not answer in HTTP/1.1.");
}

/// <summary>The head of an answer, as far as a node cares.</summary>
/// <param name="Status">Its status.</param>
/// <param name="Length">Bytes of its body; 0 for none, or for one in chunks.</param>
/// <param name="IsChunked">Whether the body comes in chunks.</param>
internal readonly record struct NodeAnswer(int Status, long Length, bool IsChunked)
{
    public bool IsSuccess => Status is >= 200 and < 300;
}
