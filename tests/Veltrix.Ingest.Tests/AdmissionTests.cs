using System.Net;
using System.Net.Sockets;
using System.Text;
using Veltrix.Configuration;

namespace Veltrix.Ingest.Tests;

public sealed class AdmissionTests : IAsyncLifetime
{
    private const string Valid =
        """{"id":"1","source":"/tests","specversion":"1.0","type":"com.veltrix.player.moved"}""";
    private readonly PlatformConfiguration _configuration = TestKafka.Configuration(
        ingest: new IngestConfiguration(MaximumBytesInFlight: 20_000)
    );
    private IngestHost _host = null!;

    public async ValueTask InitializeAsync() => _host = await IngestHost.StartAsync(_configuration);

    public async ValueTask DisposeAsync() => await _host.DisposeAsync();

    [Fact]
    public async Task Post_MoreBytesInFlightThanAllowed_Answers429UntilKafkaAcknowledged()
    {
        _host.Producer.Hold();
        var first = _host.PostAsync(Valid.PadRight(15_000));
        await Wait.UntilAsync(() => _host.Producer.HeldCount == 1);

        var second = await _host.PostAsync(Valid.PadRight(15_000));

        second.StatusCode.ShouldBe(HttpStatusCode.TooManyRequests);
        (await second.JsonAsync()).GetProperty("code").GetString().ShouldBe("VX-1010");
        second.Headers.RetryAfter.ShouldNotBeNull().Delta.ShouldNotBeNull().ShouldBeGreaterThan(TimeSpan.Zero);
        _host.Producer.Release();
        (await first).StatusCode.ShouldBe(HttpStatusCode.Accepted);
        await Wait.UntilAsync(() => _host.Budget.Bytes == 0);
        (await _host.PostAsync(Valid.PadRight(15_000))).StatusCode.ShouldBe(HttpStatusCode.Accepted);
    }

    [Fact]
    public async Task Post_ClientGoesAwayAfterSending_KeepsTheBytesUntilKafkaAcknowledged()
    {
        _host.Producer.Hold();
        using var client = await ConnectAsync();
        await SendAsync(client, Request(Valid.Length) + Valid);
        await Wait.UntilAsync(() => _host.Producer.HeldCount == 1);

        client.Close();

        _host.Budget.Bytes.ShouldBe(Valid.Length);
        _host.Producer.Release();
        await Wait.UntilAsync(() => _host.Budget.Bytes == 0);
        (await TestKafka.ReadAllAsync(_configuration.PlayersTopic())).ShouldHaveSingleItem();
    }

    [Fact]
    public async Task Post_ClientGoesAwayInMidBody_LeavesNothing()
    {
        using var client = await ConnectAsync();
        await SendAsync(client, Request(1_000) + Valid);
        await Wait.UntilAsync(() => _host.Budget.Bytes == 1_000);

        client.Close();

        await Wait.UntilAsync(() => _host.Budget.Bytes == 0);
        (await TestKafka.ReadAllAsync(_configuration.PlayersTopic())).ShouldBeEmpty();
    }

    [Fact]
    public async Task Post_BodyThatStops_Answers408AndLeavesNothing()
    {
        using var client = await ConnectAsync();
        await SendAsync(client, Request(1_000) + Valid);

        var answer = await ReadToEndAsync(client);

        answer.ShouldStartWith("HTTP/1.1 408 ");
        answer.ShouldContain("\"code\":\"VX-1011\"");
        await Wait.UntilAsync(() => _host.Budget.Bytes == 0);
        (await TestKafka.ReadAllAsync(_configuration.PlayersTopic())).ShouldBeEmpty();
    }

    [Fact]
    public async Task Post_AnnouncedBodyOverTheLimit_IsAnsweredWithoutReadingIt()
    {
        using var client = await ConnectAsync();
        await SendAsync(client, Request(_configuration.Ingest.MaximumBodyBytes + 1));

        var answer = await ReadToEndAsync(client);

        answer.ShouldStartWith("HTTP/1.1 413 ");
        answer.ShouldContain("\"code\":\"VX-1005\"");
    }

    [Fact]
    public async Task Post_BrokenChunks_Answers400()
    {
        using var client = await ConnectAsync();
        await SendAsync(client, Request(length: null) + "zz\r\n");

        var answer = await ReadToEndAsync(client);

        answer.ShouldStartWith("HTTP/1.1 400 ");
        answer.ShouldContain("\"code\":\"VX-1012\"");
    }

    private static string Request(int? length) =>
        $"POST /events HTTP/1.1\r\nHost: tests\r\nAuthorization: Bearer {IngestHost.Key}\r\n"
        + $"Content-Type: {HttpExtensions.Structured}\r\n"
        + (length is null ? "Transfer-Encoding: chunked\r\n\r\n" : $"Content-Length: {length}\r\n\r\n");

    private static async Task SendAsync(TcpClient client, string text) =>
        await client.GetStream().WriteAsync(Encoding.ASCII.GetBytes(text), TestContext.Current.CancellationToken);

    /// <summary>Reads until the server closes the connection, which it does after each of these.</summary>
    private static async Task<string> ReadToEndAsync(TcpClient client)
    {
        using var reader = new StreamReader(client.GetStream(), Encoding.UTF8);
        return await reader.ReadToEndAsync(TestContext.Current.CancellationToken);
    }

    private async Task<TcpClient> ConnectAsync()
    {
        var client = new TcpClient();
        await client.ConnectAsync(
            IPAddress.Loopback,
            _host.Client.BaseAddress!.Port,
            TestContext.Current.CancellationToken
        );
        return client;
    }
}
