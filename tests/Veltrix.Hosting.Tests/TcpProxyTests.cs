using System.Net;
using System.Net.Sockets;
using System.Text;
using Aspire.Hosting.Orchestration;

namespace Veltrix.Hosting.Tests;

public sealed class TcpProxyTests
{
    [Fact]
    public async Task Connect_TwoReplicas_TakesTurns()
    {
        await using var first = new Replica("first");
        await using var second = new Replica("second");
        await using var proxy = Proxy(first.Port, second.Port);

        var answers = new List<string>();
        for (var connection = 0; connection < 4; connection++)
            answers.Add(await AskAsync(proxy.Port));

        answers.Count(answer => answer == "first").ShouldBe(2);
        answers.Count(answer => answer == "second").ShouldBe(2);
    }

    [Fact]
    public async Task Connect_OneReplicaIsDead_TakesTheOther()
    {
        await using var alive = new Replica("alive");
        await using var proxy = Proxy(Ports.Free(), alive.Port);

        for (var connection = 0; connection < 4; connection++)
            (await AskAsync(proxy.Port)).ShouldBe("alive");
    }

    [Fact]
    public async Task Connect_ReplicaComesLater_WaitsForIt()
    {
        var targets = Array.Empty<int>();
        await using var proxy = new TcpProxy(Ports.TryListen(Ports.Free())!, () => Volatile.Read(ref targets));

        var asked = AskAsync(proxy.Port);
        await using var late = new Replica("late");
        Volatile.Write(ref targets, [late.Port]);

        (await asked).ShouldBe("late");
    }

    [Fact]
    public async Task Connect_NoReplicaEver_ResetsTheConnection()
    {
        await using var proxy = Proxy(Ports.Free());

        await Should.ThrowAsync<IOException>(() => AskAsync(proxy.Port));
    }

    [Fact]
    public async Task Send_ClientEndsItsHalf_StillGetsTheAnswer()
    {
        // The replica answers only after it has read to the end: the end must reach it while the way back stays open.
        await using var replica = new Replica("complete");
        await using var proxy = Proxy(replica.Port);

        (await AskAsync(proxy.Port, new string('x', 200_000))).ShouldBe("complete");
        replica.BytesRead.ShouldBe(200_000);
    }

    [Fact]
    public async Task Dispose_ListenerIsClosed()
    {
        var proxy = Proxy(Ports.Free());
        await proxy.DisposeAsync();

        Ports.IsFree(proxy.Port).ShouldBeTrue();
    }

    private static TcpProxy Proxy(params int[] targets) => new(Ports.TryListen(Ports.Free())!, () => targets);

    private static async Task<string> AskAsync(int port, string text = "?")
    {
        using var client = new TcpClient();
        await client.ConnectAsync(IPAddress.Loopback, port, TestContext.Current.CancellationToken);
        await using var stream = client.GetStream();
        await stream.WriteAsync(Encoding.ASCII.GetBytes(text), TestContext.Current.CancellationToken);
        client.Client.Shutdown(SocketShutdown.Send);
        using var reader = new StreamReader(stream);
        return await reader.ReadToEndAsync(TestContext.Current.CancellationToken);
    }

    /// <summary>Reads each connection to its end, then answers with its name.</summary>
    private sealed class Replica : IAsyncDisposable
    {
        private readonly Socket _listener = Ports.TryListen(Ports.Free())!;
        private readonly Task _serving;
        private readonly string _name;

        public Replica(string name)
        {
            _name = name;
            _serving = ServeAsync();
        }

        public int Port => ((IPEndPoint)_listener.LocalEndPoint!).Port;

        public int BytesRead { get; private set; }

        public async ValueTask DisposeAsync()
        {
            _listener.Dispose();
            await _serving;
        }

        private async Task ServeAsync()
        {
            try
            {
                while (true)
                {
                    using var connection = await _listener.AcceptAsync();
                    var buffer = new byte[8192];
                    while (await connection.ReceiveAsync(buffer) is > 0 and var count)
                        BytesRead += count;
                    await connection.SendAsync(Encoding.ASCII.GetBytes(_name));
                }
            }
            catch (Exception error) when (error is SocketException or ObjectDisposedException)
            {
                // Disposed.
            }
        }
    }
}
