using System.Buffers;
using System.Net;
using System.Net.Sockets;

namespace Aspire.Hosting.Orchestration;

/// <summary>
/// One public port in front of the replicas of an endpoint: connections go round robin to the healthy ones. A replica
/// that does not answer is passed over before a byte was sent; after that a connection belongs to its replica.
/// </summary>
internal sealed class TcpProxy : IAsyncDisposable
{
    /// <summary>Connections at a time; further ones wait in the listener's backlog.</summary>
    private const int MostConnections = 8192;
    private const int BufferBytes = 32 * 1024;

    /// <summary>How long a connection waits for some replica to come (back) before it is reset.</summary>
    private static readonly TimeSpan ReplicaLimit = TimeSpan.FromSeconds(3);
    private static readonly TimeSpan RetryInterval = TimeSpan.FromMilliseconds(50);

    private readonly Socket _listener;
    private readonly Func<IReadOnlyList<int>> _targets;
    private readonly SemaphoreSlim _connections = new(MostConnections);
    private readonly CancellationTokenSource _stop = new();
    private readonly Task _accepting;
    private uint _next;

    /// <param name="listener">Listens on the public port; owned by the proxy from here.</param>
    /// <param name="targets">The ports of the replicas to use now, the preferred ones if there are any.</param>
    public TcpProxy(Socket listener, Func<IReadOnlyList<int>> targets)
    {
        _listener = listener;
        _targets = targets;
        Port = ((IPEndPoint)listener.LocalEndPoint!).Port;
        _accepting = Task.Run(AcceptAsync);
    }

    public int Port { get; }

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        _listener.Dispose();
        await _accepting;
        // Connections still end by themselves: each holds the token, and the semaphore is theirs until then.
    }

    private async Task AcceptAsync()
    {
        while (!_stop.IsCancellationRequested)
        {
            try
            {
                await _connections.WaitAsync(_stop.Token);
                Socket client;
                try
                {
                    client = await _listener.AcceptAsync(_stop.Token);
                }
                catch
                {
                    _connections.Release();
                    throw;
                }
                _ = ServeAsync(client);
            }
            catch (Exception error) when (error is OperationCanceledException or ObjectDisposedException)
            {
                return;
            }
            catch (SocketException)
            {
                // The client went away while it waited (ECONNABORTED), or descriptors are short: give them time to come back.
                await Task.Delay(RetryInterval);
            }
        }
    }

    private async Task ServeAsync(Socket client)
    {
        try
        {
            client.NoDelay = true;
            using var server = await ConnectAsync();
            if (server is null)
                Reset(client);
            else
                await Task.WhenAll(PumpAsync(client, server), PumpAsync(server, client));
        }
        catch (Exception error) when (error is SocketException or OperationCanceledException or ObjectDisposedException)
        {
            // One side is gone: the other has learnt it by a reset, as it would without a proxy.
        }
        finally
        {
            client.Dispose();
            _connections.Release();
        }
    }

    private async Task<Socket?> ConnectAsync()
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(_stop.Token);
        limit.CancelAfter(ReplicaLimit);
        try
        {
            while (true)
            {
                var targets = _targets();
                var first = Interlocked.Increment(ref _next);
                for (var index = 0u; index < targets.Count; index++)
                {
                    var port = targets[(int)((first + index) % (uint)targets.Count)];
                    if (await TryConnectAsync(port, limit.Token) is { } server)
                        return server;
                }
                await Task.Delay(RetryInterval, limit.Token);
            }
        }
        catch (OperationCanceledException)
        {
            return null;
        }
    }

    private static async Task<Socket?> TryConnectAsync(int port, CancellationToken cancellation)
    {
        var server = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        try
        {
            await server.ConnectAsync(new IPEndPoint(IPAddress.Loopback, port), cancellation);
            return server;
        }
        catch (SocketException)
        {
            server.Dispose();
            return null;
        }
        catch
        {
            server.Dispose();
            throw;
        }
    }

    /// <summary>Copies until <paramref name="from"/> sends no more, then says so to <paramref name="to"/>; the other direction goes on.</summary>
    private async Task PumpAsync(Socket from, Socket to)
    {
        try
        {
            while (true)
            {
                // Waiting without a buffer: idle connections (there are many) then cost none.
                await from.ReceiveAsync(Memory<byte>.Empty, _stop.Token);
                var buffer = ArrayPool<byte>.Shared.Rent(BufferBytes);
                try
                {
                    var count = await from.ReceiveAsync(buffer.AsMemory(), _stop.Token);
                    if (count == 0)
                        break;
                    for (var sent = 0; sent < count; )
                        sent += await to.SendAsync(buffer.AsMemory(sent, count - sent), _stop.Token);
                }
                finally
                {
                    ArrayPool<byte>.Shared.Return(buffer);
                }
            }
            to.Shutdown(SocketShutdown.Send);
        }
        catch
        {
            // Wakes the other direction, which may wait for a side that will never speak again.
            Reset(from);
            Reset(to);
            throw;
        }
    }

    private static void Reset(Socket socket)
    {
        try
        {
            socket.LingerState = new LingerOption(enable: true, seconds: 0);
            socket.Dispose();
        }
        catch (Exception error) when (error is SocketException or ObjectDisposedException)
        {
            // Gone already.
        }
    }
}
