using System.Net;
using System.Net.Sockets;
using System.Text;
using System.Text.RegularExpressions;
using Veltrix.ServiceDefaults.Security;

namespace Veltrix.Config.Tests;

/// <summary>A client of the watch that does not read what it is sent, and has no room for it either.</summary>
internal sealed partial class StuckWatcher : IDisposable
{
    private const int ReceiveBufferBytes = 4 * 1024;
    private readonly Socket _socket = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp)
    {
        // Before the connection is made: the window that is offered follows from it.
        ReceiveBufferSize = ReceiveBufferBytes,
    };

    private StuckWatcher() { }

    public static async Task<StuckWatcher> OpenAsync(Replica replica)
    {
        var watcher = new StuckWatcher();
        await watcher._socket.ConnectAsync(IPAddress.Loopback, replica.Port, TestContext.Current.CancellationToken);
        await watcher._socket.SendAsync(
            Encoding.ASCII.GetBytes(
                $"GET /configuration/watch?from=1 HTTP/1.1\r\nHost: 127.0.0.1\r\nAuthorization: Bearer {Replica.KeyOf(Roles.Node)}\r\n\r\n"
            ),
            TestContext.Current.CancellationToken
        );
        return watcher;
    }

    /// <summary>Reads after all, up to a version.</summary>
    /// <returns>The versions that came, and the bytes of all of them together.</returns>
    public async Task<(IReadOnlyList<int> Versions, long Bytes)> ReadToAsync(int version)
    {
        var versions = new List<int>();
        var buffer = new byte[64 * 1024];
        var kept = "";
        long bytes = 0;
        while (versions.LastOrDefault() < version)
        {
            var read = await _socket.ReceiveAsync(buffer, TestContext.Current.CancellationToken);
            read.ShouldBeGreaterThan(0, "The service ended the watch.");
            bytes += read;
            var text = kept + Encoding.ASCII.GetString(buffer, 0, read);
            var last = 0;
            foreach (Match match in Id().Matches(text))
            {
                versions.Add(int.Parse(match.Groups["number"].ValueSpan));
                last = match.Index + match.Length;
            }
            // An id may come in two pieces.
            kept = text[Math.Max(last, text.Length - 16)..];
        }
        return (versions, bytes);
    }

    public void Dispose() => _socket.Dispose();

    [GeneratedRegex("id: (?<number>[0-9]+)\n", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1_000)]
    private static partial Regex Id();
}
