using System.Data.Common;
using System.Net;
using System.Text;
using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Veltrix.Events;
using Veltrix.ServiceDefaults.Configuration;
using Veltrix.ServiceDefaults.Problems;
using Veltrix.ServiceDefaults.Security;

namespace Veltrix.ServiceDefaults.Tests;

public sealed class ProblemTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Exception_OfABug_IsVx9004WithoutInternals()
    {
        await using var service = await StartAsync();

        var (response, problem) = await SendAsync(service, HttpMethod.Get, "/bug");

        ShouldBe(response, problem, ErrorCatalogue.Internal);
        problem.RootElement.ToString().ShouldNotContain("secret");
        problem.RootElement.TryGetProperty("detail", out _).ShouldBeFalse();
        problem.RootElement.GetProperty("traceId").GetString()!.Length.ShouldBe(32);
    }

    [Fact]
    public async Task Exception_FromAStoreThatIsAway_IsVx2005WithRetryAfter()
    {
        await using var service = await StartAsync();

        var (response, problem) = await SendAsync(service, HttpMethod.Get, "/store");

        ShouldBe(response, problem, ErrorCatalogue.StoreUnavailable);
        response.Headers.RetryAfter!.Delta.ShouldBe(TimeSpan.FromSeconds(1));
    }

    [Fact]
    public async Task Exception_FromAStoreThatRefusedTheStatement_IsVx9004()
    {
        await using var service = await StartAsync();

        var (response, problem) = await SendAsync(service, HttpMethod.Get, "/constraint");

        ShouldBe(response, problem, ErrorCatalogue.Internal);
    }

    [Fact]
    public async Task Exception_BecauseNoConfigurationArrived_IsVx9005WithRetryAfter()
    {
        await using var service = await StartAsync();

        var (response, problem) = await SendAsync(service, HttpMethod.Get, "/unconfigured");

        ShouldBe(response, problem, ErrorCatalogue.NotReady);
        response.Headers.RetryAfter.ShouldNotBeNull();
    }

    [Fact]
    public async Task Address_Unknown_IsVx9003()
    {
        await using var service = await StartAsync();

        var (response, problem) = await SendAsync(service, HttpMethod.Get, "/nowhere");

        ShouldBe(response, problem, ErrorCatalogue.NotFound);
    }

    [Fact]
    public async Task Method_NotOffered_IsVx9006WithAllow()
    {
        await using var service = await StartAsync();

        var (response, problem) = await SendAsync(service, HttpMethod.Delete, "/bug");

        ShouldBe(response, problem, ErrorCatalogue.MethodNotAllowed);
        response.Content.Headers.Allow.ShouldBe(["GET"]);
    }

    [Theory]
    [InlineData("{\"name\":", "application/json", "VX-1001", 400)]
    [InlineData("{\"name\":1}", "application/json", "VX-2006", 400)]
    [InlineData("", "application/json", "VX-2006", 400)]
    [InlineData("<xml/>", "application/xml", "VX-9008", 415)]
    public async Task Body_Unreadable_SaysWhy(string body, string type, string code, int status)
    {
        await using var service = await StartAsync();
        using var content = new StringContent(body, Encoding.UTF8, type);

        var (response, problem) = await SendAsync(service, HttpMethod.Post, "/body", content);

        ShouldBe(response, problem, ErrorCatalogue.All.Single(error => error.Code == code));
        ((int)response.StatusCode).ShouldBe(status);
        problem.RootElement.ToString().ShouldNotContain("Veltrix.ServiceDefaults");
    }

    [Fact]
    public async Task Body_MalformedJson_NamesTheByte()
    {
        await using var service = await StartAsync();
        using var content = new StringContent("{\"name\":x}", Encoding.UTF8, "application/json");

        var (_, problem) = await SendAsync(service, HttpMethod.Post, "/body", content);

        problem.RootElement.GetProperty("detail").GetString()!.ShouldEndWith("At $.name, line 1, byte 9.");
    }

    [Fact]
    public async Task Body_OverTheServersLimit_IsVx9009()
    {
        await using var service = await StartAsync();
        using var content = new StringContent(
            $"{{\"name\":\"{new string('a', 2_000)}\"}}",
            Encoding.UTF8,
            "application/json"
        );

        var (response, problem) = await SendAsync(service, HttpMethod.Post, "/small", content);

        ShouldBe(response, problem, ErrorCatalogue.OversizedRequest);
    }

    [Fact]
    public async Task ToProblem_WithRetryAfter_RoundsUpToWholeSeconds()
    {
        await using var service = await StartAsync();

        var (response, problem) = await SendAsync(service, HttpMethod.Get, "/overloaded");

        ShouldBe(response, problem, ErrorCatalogue.Overloaded);
        response.Headers.RetryAfter!.ToString().ShouldBe("3");
        problem.RootElement.GetProperty("retryAfterSeconds").GetInt64().ShouldBe(3);
        problem.RootElement.GetProperty("limit").GetString().ShouldBe("bytes");
    }

    [Fact]
    public async Task Problem_ForACallerThatDoesNotNameJson_IsStillADocument()
    {
        await using var service = await StartAsync();
        service.Client.DefaultRequestHeaders.Accept.ParseAdd("text/html");

        var (response, problem) = await SendAsync(service, HttpMethod.Get, "/nowhere");

        ShouldBe(response, problem, ErrorCatalogue.NotFound);
    }

    private static Task<TestService> StartAsync() =>
        TestService.StartAsync(app =>
        {
            app.MapGet("/bug", IResult () => throw new InvalidOperationException("a secret of the implementation"));
            app.MapGet(
                "/store",
                IResult () => throw new InvalidOperationException("retried", new StoreException(true, null))
            );
            app.MapGet("/constraint", IResult () => throw new StoreException(false, "23505"));
            app.MapGet("/unconfigured", IResult () => throw new ConfigurationUnavailableException());
            app.MapGet(
                "/overloaded",
                () =>
                    ErrorCatalogue.Overloaded.ToProblem(
                        "64 MiB are in flight.",
                        new Dictionary<string, object?>(StringComparer.Ordinal) { ["limit"] = "bytes" },
                        TimeSpan.FromSeconds(2.1)
                    )
            );
            app.MapPost("/body", (Body body) => body.Name);
            app.MapPost("/small", (Body body) => body.Name).WithMetadata(new RequestSizeLimit(1_000));
        });

    private static async Task<(HttpResponseMessage Response, JsonDocument Problem)> SendAsync(
        TestService service,
        HttpMethod method,
        string path,
        HttpContent? content = null
    )
    {
        using var request = new HttpRequestMessage(method, path) { Content = content };
        var response = await service.Client.SendAsync(request, Cancellation);
        response.Content.Headers.ContentType?.ToString().ShouldBe("application/problem+json");
        return (
            response,
            await JsonDocument.ParseAsync(await response.Content.ReadAsStreamAsync(Cancellation), default, Cancellation)
        );
    }

    private static void ShouldBe(HttpResponseMessage response, JsonDocument problem, Error error)
    {
        ((int)response.StatusCode).ShouldBe(error.Status);
        var document = problem.RootElement;
        document.GetProperty("code").GetString().ShouldBe(error.Code);
        document.GetProperty("title").GetString().ShouldBe(error.Title);
        document.GetProperty("fix").GetString().ShouldBe(error.Fix);
        document.GetProperty("status").GetInt32().ShouldBe(error.Status);
        document.GetProperty("traceId").GetString().ShouldNotBeNullOrEmpty();
    }

    private sealed record Body(string Name);

    private sealed class RequestSizeLimit(long bytes) : Microsoft.AspNetCore.Http.Metadata.IRequestSizeLimitMetadata
    {
        public long? MaxRequestBodySize => bytes;
    }

    private sealed class StoreException(bool transient, string? state) : DbException("host 10.0.0.1 is away")
    {
        public override bool IsTransient => transient;
        public override string? SqlState => state;
    }
}
