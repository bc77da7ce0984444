using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace Veltrix.Hosting.Tests;

/// <summary>Just enough of the Redis protocol to write and count.</summary>
internal sealed class RespClient : IAsyncDisposable
{
    private readonly TcpClient _client;
    private readonly StreamReader _reader;

    private RespClient(TcpClient client)
    {
        _client = client;
        _reader = new StreamReader(client.GetStream(), Encoding.UTF8);
    }

    public static async Task<RespClient> ConnectAsync(int port, string password)
    {
        var client = new TcpClient { NoDelay = true };
        await client.ConnectAsync(IPAddress.Loopback, port);
        var redis = new RespClient(client);
        if (await redis.AskAsync("AUTH", password) is not "+OK" and var answer)
            throw new InvalidOperationException(answer);
        return redis;
    }

    /// <returns>The first line of the answer.</returns>
    public async Task<string?> AskAsync(params string[] command)
    {
        var text = new StringBuilder().Append(CultureInfo.InvariantCulture, $"*{command.Length}\r\n");
        foreach (var part in command)
            text.Append(CultureInfo.InvariantCulture, $"${Encoding.UTF8.GetByteCount(part)}\r\n{part}\r\n");
        await _client.GetStream().WriteAsync(Encoding.UTF8.GetBytes(text.ToString()));
        return await _reader.ReadLineAsync();
    }

    public ValueTask DisposeAsync()
    {
        _reader.Dispose();
        _client.Dispose();
        return ValueTask.CompletedTask;
    }
}
