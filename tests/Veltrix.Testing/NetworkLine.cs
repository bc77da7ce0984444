using System.Net;
using System.Net.Sockets;

namespace Veltrix.Testing;

/// <summary>
/// A TCP line to a server of loopback that a test can cut as a network does it: no side is told, nothing arrives, and what
/// was sent meanwhile is delivered when the line is whole again.
/// </summary>
public sealed class NetworkLine : IAsyncDisposable
{
    private const int BufferBytes = 16 * 1024;
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource _stop = new();
    private readonly int[] _targets;
    private readonly Task _accepting;
    private volatile TaskCompletionSource _whole = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>Opens a line.</summary>
    /// <param name="targets">Ports of loopback; each connection goes to the first that answers.</param>
    public NetworkLine(params int[] targets)
    {
        _targets = targets;
        _whole.SetResult();
        _listener.Start();
        Port = ((IPEndPoint)_listener.LocalEndpoint).Port;
        _accepting = AcceptAsync();
    }

    /// <summary>The port to connect to instead of the server's.</summary>
    public int Port { get; }

    /// <summary>From now on nothing arrives.</summary>
    public void Cut() => _whole = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>The line is whole again.</summary>
    public void Mend() => _whole.TrySetResult();

    /// <summary>Closes the line and what runs over it.</summary>
    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        _listener.Stop();
        await _accepting;
    }

    private async Task AcceptAsync()
    {
        try
        {
            while (true)
                _ = ServeAsync(await _listener.AcceptSocketAsync(_stop.Token));
        }
        catch (Exception error) when (error is OperationCanceledException or SocketException or ObjectDisposedException)
        {
            // The line was closed.
        }
    }

    private async Task ServeAsync(Socket near)
    {
        using var client = near;
        try
        {
            await _whole.Task.WaitAsync(_stop.Token);
            using var server = await ConnectAsync();
            await await Task.WhenAny(CopyAsync(client, server), CopyAsync(server, client));
        }
        catch (Exception error) when (error is SocketException or OperationCanceledException)
        {
            // Either end is gone; the other one learns it by the closed socket.
        }
    }

    private async Task<Socket> ConnectAsync()
    {
        for (var index = 0; ; index++)
        {
            var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
            try
            {
                await socket.ConnectAsync(IPAddress.Loopback, _targets[index], _stop.Token);
                return socket;
            }
            catch (SocketException) when (index + 1 < _targets.Length)
            {
                socket.Dispose();
            }
            catch
            {
                socket.Dispose();
                throw;
            }
        }
    }

    private async Task CopyAsync(Socket from, Socket to)
    {
        var buffer = new byte[BufferBytes];
        while (await from.ReceiveAsync(buffer, _stop.Token) is var count and > 0)
        {
            await _whole.Task.WaitAsync(_stop.Token);
            for (var sent = 0; sent < count; )
                sent += await to.SendAsync(buffer.AsMemory(sent, count - sent), _stop.Token);
        }
    }
}
