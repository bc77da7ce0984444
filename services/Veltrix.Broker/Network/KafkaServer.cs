using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;
using System.Security.Authentication;
using Veltrix.Broker.Protocol;

namespace Veltrix.Broker.Network;

/// <summary>
/// Listens for clients. A socket of its own, not one of Kestrel's: the HTTP addresses stay where ASPNETCORE_URLS puts
/// them, and requests are received straight into the buffer that they are handled in.
/// </summary>
internal sealed partial class KafkaServer(BrokerNode node, ILogger<KafkaServer> logger) : IHostedService, IDisposable
{
    private const int Backlog = 512;
    private static readonly TimeSpan DrainLimit = TimeSpan.FromSeconds(2);

    private readonly CancellationTokenSource _stopping = new();
    private readonly ConcurrentDictionary<Socket, Task> _connections = new();
    private readonly ByteBudget _budget = new(node.Options.MaximumBytesInFlight);
    private readonly ApiTable _apis = new(node);
    private readonly PlainAuthentication _authentication = new(node.Options.Users);
    private TlsTransport? _tls;
    private Socket? _listener;
    private Task _accepting = Task.CompletedTask;

    public bool IsListening => _listener is not null && !_stopping.IsCancellationRequested;

    /// <summary>Connections that are open.</summary>
    public int ConnectionCount => _connections.Count;

    /// <summary>Bytes of requests that are in memory.</summary>
    public long RequestBytesInFlight => _budget.UsedBytes;

    /// <summary>The port that is listened on.</summary>
    public int Port { get; private set; }

    public async Task StartAsync(CancellationToken cancellationToken)
    {
        await node.Transactions.RecoverAsync();
        _tls = TlsTransport.Create(node.Options);
        var address = new IPEndPoint(IPAddress.Parse(node.Options.ListenAddress), node.Options.Port);
        _listener = new Socket(address.AddressFamily, SocketType.Stream, ProtocolType.Tcp);
        // After a crash the old connections linger in the kernel; the port must be free again at once.
        _listener.SetSocketOption(SocketOptionLevel.Socket, SocketOptionName.ReuseAddress, true);
        try
        {
            _listener.Bind(address);
        }
        catch (SocketException error)
        {
            throw new BrokerStartException($"Cannot listen on {address}: {error.Message}. Set Broker:Port.", error);
        }
        _listener.Listen(Backlog);
        Port = ((IPEndPoint)_listener.LocalEndPoint!).Port;
        node.AdvertisedPort = node.Options.AdvertisedPort ?? Port;
        _accepting = AcceptAsync(_listener);
        if (!IPAddress.IsLoopback(address.Address) && (!_authentication.IsRequired || _tls is null))
            Log.Open(logger, address);
        Log.Listening(logger, _listener.LocalEndPoint, node.Options.AdvertisedHost, node.AdvertisedPort);
    }

    public async Task StopAsync(CancellationToken cancellationToken)
    {
        await _stopping.CancelAsync();
        _listener?.Dispose();
        await _accepting;
        try
        {
            await Task.WhenAll(_connections.Values).WaitAsync(DrainLimit, cancellationToken);
        }
        catch (Exception error) when (error is TimeoutException or OperationCanceledException)
        {
            foreach (var socket in _connections.Keys)
                socket.Dispose();
        }
    }

    public void Dispose()
    {
        _listener?.Dispose();
        _tls?.Dispose();
        _stopping.Dispose();
    }

    private async Task AcceptAsync(Socket listener)
    {
        while (!_stopping.IsCancellationRequested)
        {
            Socket socket;
            try
            {
                socket = await listener.AcceptAsync(_stopping.Token);
            }
            catch (Exception error) when (error is OperationCanceledException or ObjectDisposedException)
            {
                return;
            }
            catch (SocketException error)
            {
                // No descriptors left, most likely: a pause lets some come free.
                Log.AcceptFailed(logger, error);
                await Task.Delay(TimeSpan.FromMilliseconds(100), node.Time, CancellationToken.None);
                continue;
            }
            if (_connections.Count >= node.Options.MaximumConnections)
            {
                node.Metrics.RefusedConnections.Add(1);
                Log.TooMany(logger, node.Options.MaximumConnections);
                socket.Dispose();
                continue;
            }
            socket.NoDelay = true;
            socket.SetSocketOption(SocketOptionLevel.Socket, SocketOptionName.KeepAlive, true);
            // Filed before it begins, and only while it lasts: it may be over before the task is known here.
            _connections[socket] = Task.CompletedTask;
            _connections.TryUpdate(socket, ServeAsync(socket), Task.CompletedTask);
        }
    }

    private async Task ServeAsync(Socket socket)
    {
        // The next connection is accepted meanwhile.
        await Task.Yield();
        try
        {
            Stream stream = new NetworkStream(socket, ownsSocket: true);
            if (_tls is not null)
                stream = await _tls.EncryptAsync(stream, _stopping.Token);
            var host = $"/{(socket.RemoteEndPoint as IPEndPoint)?.Address}";
            var client = new ClientEnd(host, _authentication, () => IsGone(socket));
            await new ClientConnection(stream, client, node, _apis, _budget, logger).RunAsync(_stopping.Token);
        }
        catch (Exception error)
            when (error is IOException or AuthenticationException or SocketException or OperationCanceledException)
        {
            Log.NotEncrypted(logger, error.Message);
        }
        finally
        {
            _connections.TryRemove(socket, out _);
            socket.Dispose();
        }
    }

    private static bool IsGone(Socket socket)
    {
        try
        {
            return socket.Poll(TimeSpan.Zero, SelectMode.SelectRead) && socket.Available == 0;
        }
        catch (Exception error) when (error is SocketException or ObjectDisposedException)
        {
            return true;
        }
    }

    private static partial class Log
    {
        [LoggerMessage(LogLevel.Information, "Listening for Kafka clients on {Address}; they are told {Host}:{Port}")]
        public static partial void Listening(ILogger logger, EndPoint? address, string host, int port);

        [LoggerMessage(
            LogLevel.Warning,
            "{Maximum} connections are open: refused another one (Broker:MaximumConnections)"
        )]
        public static partial void TooMany(ILogger logger, int maximum);

        [LoggerMessage(LogLevel.Warning, "A connection ended before it was encrypted: {Reason}")]
        public static partial void NotEncrypted(ILogger logger, string reason);

        [LoggerMessage(
            LogLevel.Warning,
            "Anybody who reaches {Address} may read and write everything (Broker:Users, Broker:TlsCertificateFile)"
        )]
        public static partial void Open(ILogger logger, EndPoint? address);

        [LoggerMessage(LogLevel.Warning, "Accepting a connection failed")]
        public static partial void AcceptFailed(ILogger logger, Exception error);
    }
}
