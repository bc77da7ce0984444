using System.Globalization;

namespace Veltrix.Cli.Watchers;

/// <summary>A body in chunks (RFC 9112, section 7.1), read to its end.</summary>
internal sealed class ChunkedBody(NodeConnection connection) : Stream
{
    private int _left;
    private bool _isFirst = true;
    private bool _isOver;

    public override bool CanRead => true;
    public override bool CanSeek => false;
    public override bool CanWrite => false;
    public override long Length => throw new NotSupportedException();

    public override long Position
    {
        get => throw new NotSupportedException();
        set => throw new NotSupportedException();
    }

    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        if (_left == 0 && !_isOver)
            await BeginChunkAsync(cancellationToken);
        if (_isOver)
            return 0;
        var read = await connection.ReadAsync(buffer.Length > _left ? buffer[.._left] : buffer, cancellationToken);
        _left -= read;
        return read;
    }

    public override Task<int> ReadAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
        ReadAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    public override void Flush() { }

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    private async ValueTask BeginChunkAsync(CancellationToken cancellation)
    {
        // Each chunk ends with an empty line of its own.
        if (!_isFirst)
            await connection.LineAsync(cancellation);
        _isFirst = false;
        var size = await connection.LineAsync(cancellation);
        if (!int.TryParse(size.Span, NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out _left))
            throw NodeConnection.NotHttp();
        _isOver = _left == 0;
        if (_isOver)
            await connection.LineAsync(cancellation);
    }
}
