using System.Net;
using System.Net.Http.Headers;
using System.Text;
using Veltrix.Configuration;
using Veltrix.Events;
using Veltrix.Testing;

namespace Veltrix.Ingest.Tests;

/// <summary>Bad input gets the right status and a problem document with a code, and leaves nothing in Kafka.</summary>
public sealed class RefusedRequestTests : IAsyncLifetime
{
    private const string Valid =
        """{"id":"1","source":"/tests","specversion":"1.0","type":"com.veltrix.player.moved"}""";
    private static readonly IngestConfiguration Limits = new(
        MaximumBodyBytes: 2_000,
        MaximumBatchEvents: 3,
        MaximumEventBytes: 500
    );

    private readonly PlatformConfiguration _configuration = TestKafka.Configuration(partitions: 1, Limits);
    private IngestHost _host = null!;

    public async ValueTask InitializeAsync() => _host = await IngestHost.StartAsync(_configuration);

    public async ValueTask DisposeAsync() => await _host.DisposeAsync();

    [Theory]
    [InlineData(HttpExtensions.Structured, "", "VX-1001")]
    [InlineData(HttpExtensions.Structured, "{\"id\":", "VX-1001")]
    [InlineData(HttpExtensions.Structured, "[]", "VX-1001")]
    [InlineData(HttpExtensions.Batch, "{}", "VX-1001")]
    [InlineData(HttpExtensions.Batch, $"[{Valid},{Valid}", "VX-1001")]
    [InlineData(HttpExtensions.Structured, """{"source":"/tests","specversion":"1.0","type":"t"}""", "VX-1002")]
    [InlineData(HttpExtensions.Structured, """{"id":"1","specversion":"1.0","type":"t"}""", "VX-1002")]
    [InlineData(HttpExtensions.Structured, """{"id":"1","source":"/tests","type":"t"}""", "VX-1002")]
    [InlineData(HttpExtensions.Structured, """{"id":"1","source":"/tests","specversion":"1.0"}""", "VX-1002")]
    [InlineData(
        HttpExtensions.Structured,
        """{"id":"1","source":"/tests","specversion":"2.0","type":"t"}""",
        "VX-1003"
    )]
    public async Task Post_BadEvent_Answers400(string contentType, string body, string code)
    {
        var answer = await _host.PostAsync(body, contentType);

        await ShouldBeProblemAsync(answer, HttpStatusCode.BadRequest, code);
    }

    [Theory]
    [InlineData("application/json")]
    [InlineData("text/plain")]
    [InlineData("application/cloudevents+avro")]
    [InlineData("application/cloudevents")]
    [InlineData("application/cloudevents+json; charset=utf-16")]
    [InlineData("garbage")]
    [InlineData("")]
    public async Task Post_OtherContentType_Answers415AndNamesTheAccepted(string contentType)
    {
        var answer = await _host.PostAsync(Valid, contentType);

        await ShouldBeProblemAsync(answer, HttpStatusCode.UnsupportedMediaType, "VX-1004");
        answer.Headers.GetValues("Accept").ShouldBe([$"{HttpExtensions.Structured}, {HttpExtensions.Batch}"]);
    }

    [Fact]
    public async Task Post_CompressedBody_Answers415()
    {
        using var content = new ByteArrayContent([0x1F, 0x8B]);
        content.Headers.TryAddWithoutValidation("Content-Type", HttpExtensions.Structured);
        content.Headers.ContentEncoding.Add("gzip");

        var answer = await _host.Client.PostAsync("/events", content, TestContext.Current.CancellationToken);

        await ShouldBeProblemAsync(answer, HttpStatusCode.UnsupportedMediaType, "VX-1004");
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Post_BodyOverTheLimit_Answers413(bool isChunked)
    {
        using var content = new StringContent(new string(' ', Limits.MaximumBodyBytes) + "x");
        content.Headers.ContentType = new(HttpExtensions.Batch);
        using var request = new HttpRequestMessage(HttpMethod.Post, "/events") { Content = content };
        request.Headers.TransferEncodingChunked = isChunked;

        var answer = await _host.Client.SendAsync(request, TestContext.Current.CancellationToken);

        await ShouldBeProblemAsync(answer, HttpStatusCode.RequestEntityTooLarge, "VX-1005");
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Post_BodyAtTheLimit_IsTaken(bool isChunked)
    {
        using var content = new StringContent(Valid.PadRight(Limits.MaximumBodyBytes));
        content.Headers.ContentType = new(HttpExtensions.Structured);
        using var request = new HttpRequestMessage(HttpMethod.Post, "/events") { Content = content };
        request.Headers.TransferEncodingChunked = isChunked;

        var answer = await _host.Client.SendAsync(request, TestContext.Current.CancellationToken);

        answer.StatusCode.ShouldBe(HttpStatusCode.Accepted);
    }

    [Fact]
    public async Task Post_EventOverTheLimit_Answers413()
    {
        var answer = await _host.PostAsync(Valid.Replace("}", $",\"data\":\"{new string('x', 500)}\"}}"));

        await ShouldBeProblemAsync(answer, HttpStatusCode.RequestEntityTooLarge, "VX-1006");
    }

    [Fact]
    public async Task Post_BatchOverTheLimit_Answers413()
    {
        var answer = await _host.PostAsync($"[{Valid},{Valid},{Valid},{Valid}]", HttpExtensions.Batch);

        await ShouldBeProblemAsync(answer, HttpStatusCode.RequestEntityTooLarge, "VX-1007");
    }

    [Fact]
    public async Task Post_UnknownType_Answers422()
    {
        var answer = await _host.PostAsync(Valid.Replace("moved", "slept"));

        await ShouldBeProblemAsync(answer, HttpStatusCode.UnprocessableEntity, "VX-1008");
    }

    [Theory]
    [InlineData("Bearer unknown")]
    [InlineData("Basic YTpi")]
    [InlineData(null)]
    public async Task Post_WithoutAKnownKey_Answers401(string? authorization)
    {
        using var client = _host.CreateClient();
        if (authorization is not null)
            client.DefaultRequestHeaders.TryAddWithoutValidation("Authorization", authorization);
        using var content = new StringContent(Valid);
        content.Headers.ContentType = new(HttpExtensions.Structured);

        var answer = await client.PostAsync("/events", content, TestContext.Current.CancellationToken);

        answer.StatusCode.ShouldBe(HttpStatusCode.Unauthorized);
        (await TestKafka.ReadAllAsync(_configuration.PlayersTopic())).ShouldBeEmpty();
    }

    [Fact]
    public async Task EveryEndpoint_WithoutAKeyThatMay_IsRefused()
    {
        var endpoints = EndpointAddress.Guarded(_host.Services);

        endpoints.ShouldNotBeEmpty();
        foreach (var endpoint in endpoints)
        foreach (
            var (key, expected) in new[]
            {
                (null, HttpStatusCode.Unauthorized),
                ("unknown", HttpStatusCode.Unauthorized),
                (IngestHost.NodeKey, HttpStatusCode.Forbidden),
            }
        )
        {
            using var client = _host.CreateClient();
            using var request = new HttpRequestMessage(new HttpMethod(endpoint.Method), endpoint.Address);
            request.Headers.Authorization = key is null ? null : new AuthenticationHeaderValue("Bearer", key);

            var answer = await client.SendAsync(request, TestContext.Current.CancellationToken);

            answer.StatusCode.ShouldBe(expected, $"{endpoint} with {key}");
        }
    }

    [Fact]
    public async Task Get_Events_Answers405()
    {
        var answer = await _host.Client.GetAsync("/events", TestContext.Current.CancellationToken);

        answer.StatusCode.ShouldBe(HttpStatusCode.MethodNotAllowed);
    }

    private async Task ShouldBeProblemAsync(HttpResponseMessage answer, HttpStatusCode status, string code)
    {
        answer.StatusCode.ShouldBe(status);
        answer.MediaType().MediaType.ShouldBe("application/problem+json");
        var problem = await answer.JsonAsync();
        var error = ErrorCatalogue.All.Single(entry => entry.Code == code);
        problem.GetProperty("code").GetString().ShouldBe(code);
        problem.GetProperty("title").GetString().ShouldBe(error.Title);
        problem.GetProperty("detail").GetString().ShouldNotBeNullOrEmpty();
        problem.GetProperty("fix").GetString().ShouldBe(error.Fix);
        (await TestKafka.ReadAllAsync(_configuration.PlayersTopic())).ShouldBeEmpty();
    }
}
