using System.Net;
using System.Net.Sockets;

namespace Aspire.Hosting.Orchestration;

/// <summary>Free ports of the loopback address.</summary>
internal static class Ports
{
    // Below the range from which the kernel takes ports for outgoing connections (32768 up), so that no connection can
    // take a port between our look and the server's bind.
    private const int First = 20_000;
    private const int Last = 32_000;
    private const int Attempts = 1000;
    private static readonly Lock Gate = new();
    private static readonly HashSet<int> Given = [];

    /// <summary>A port that nobody listens on and that this process has not given out before.</summary>
    public static int Free()
    {
        lock (Gate)
        {
            for (var attempt = 0; attempt < Attempts; attempt++)
            {
                var port = Random.Shared.Next(First, Last);
                if (!Given.Contains(port) && IsFree(port))
                {
                    Given.Add(port);
                    return port;
                }
            }
            // Ports given long ago may be free again; a process that asks so often has tests' servers long gone.
            Given.Clear();
        }
        throw new InvalidOperationException($"No free port between {First} and {Last} in {Attempts} attempts.");
    }

    public static bool IsFree(int port)
    {
        using var socket = TryListen(port);
        return socket is not null;
    }

    /// <summary>A socket that listens on the port of the loopback address, or null when the port is taken.</summary>
    public static Socket? TryListen(int port)
    {
        var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        try
        {
            socket.Bind(new IPEndPoint(IPAddress.Loopback, port));
            socket.Listen(backlog: 512);
            return socket;
        }
        catch (SocketException)
        {
            socket.Dispose();
            return null;
        }
    }
}
