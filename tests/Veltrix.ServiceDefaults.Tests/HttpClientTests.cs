using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Http.Resilience;
using Polly.Timeout;

namespace Veltrix.ServiceDefaults.Tests;

public sealed class HttpClientTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("http://called/ok?a=1")]
    [InlineData("https+http://called/ok?a=1")]
    [InlineData("http://_http.called/ok?a=1")]
    public async Task Client_OfAServiceName_ReachesItsAddress(string address)
    {
        await using var called = await StartCalledAsync();
        await using var caller = await StartCallerAsync(called);

        (await Http(caller).GetStringAsync(address, Cancellation)).ShouldBe("?a=1");
    }

    [Fact]
    public async Task Client_OfAServiceWithSeveralAddresses_TakesTurns()
    {
        await using var one = await StartCalledAsync();
        await using var two = await StartCalledAsync();
        await using var caller = await StartCallerAsync(one, two);

        var ports = new HashSet<string>(StringComparer.Ordinal);
        for (var call = 0; call < 4; call++)
            ports.Add(await Http(caller).GetStringAsync("http://called/port", Cancellation));

        ports.Count.ShouldBe(2);
    }

    [Fact]
    public async Task Client_OfAPlainAddress_PassesThrough()
    {
        await using var called = await StartCalledAsync();
        await using var caller = await StartCallerAsync();

        (await Http(caller).GetStringAsync(new Uri(called.Client.BaseAddress!, "/ok?b=2"), Cancellation)).ShouldBe(
            "?b=2"
        );
    }

    [Fact]
    public async Task Get_ThatFailsTransiently_IsRetried()
    {
        var calls = new Calls(failures: 2);
        await using var called = await StartCalledAsync(calls);
        await using var caller = await StartCallerAsync(called);

        using var response = await Http(caller).GetAsync("http://called/flaky", Cancellation);

        response.StatusCode.ShouldBe(HttpStatusCode.OK);
        calls.Count.ShouldBe(3);
    }

    [Fact]
    public async Task Post_ThatFails_IsNotSentAgain()
    {
        var calls = new Calls(failures: 2);
        await using var called = await StartCalledAsync(calls);
        await using var caller = await StartCallerAsync(called);

        using var response = await Http(caller).PostAsync("http://called/flaky", null, Cancellation);

        response.StatusCode.ShouldBe(HttpStatusCode.ServiceUnavailable);
        calls.Count.ShouldBe(1);
    }

    [Fact]
    public async Task Post_ToNobody_IsNotSentAgain()
    {
        var attempts = 0;
        await using var caller = await StartCallerAsync(options =>
            options.Retry.OnRetry = _ =>
            {
                attempts++;
                return default;
            }
        );

        await Should.ThrowAsync<HttpRequestException>(() =>
            Http(caller).PostAsync("http://127.0.0.1:1/", null, Cancellation)
        );

        attempts.ShouldBe(0);
    }

    [Fact]
    public async Task Attempt_ThatTakesTooLong_IsCut()
    {
        await using var called = await StartCalledAsync();
        await using var caller = await StartCallerAsync(
            options => options.AttemptTimeout.Timeout = TimeSpan.FromMilliseconds(50),
            called
        );

        await Should.ThrowAsync<TimeoutRejectedException>(() =>
            Http(caller).PostAsync("http://called/hangs", null, Cancellation)
        );
    }

    private static HttpClient Http(TestService caller) =>
        caller.App.Services.GetRequiredService<IHttpClientFactory>().CreateClient();

    private static Task<TestService> StartCalledAsync(Calls? calls = null) =>
        TestService.StartAsync(app =>
        {
            app.MapGet("/ok", (HttpRequest request) => request.QueryString.Value);
            app.MapGet("/port", (HttpContext context) => context.Connection.LocalPort.ToString());
            app.MapPost("/hangs", (CancellationToken aborted) => Task.Delay(Timeout.InfiniteTimeSpan, aborted));
            app.MapMethods("/flaky", ["GET", "POST"], () => TypedResults.StatusCode(calls?.Next() ?? 200));
        });

    private static Task<TestService> StartCallerAsync(params TestService[] called) =>
        StartCallerAsync(_ => { }, called);

    private static Task<TestService> StartCallerAsync(
        Action<HttpStandardResilienceOptions> configure,
        params TestService[] called
    ) =>
        TestService.StartAsync(
            configure: builder =>
                builder.Services.PostConfigureAll<HttpStandardResilienceOptions>(options =>
                {
                    options.Retry.Delay = TimeSpan.FromMilliseconds(1);
                    configure(options);
                }),
            settings:
            [
                .. called.Select(
                    (service, index) =>
                        ($"services:called:http:{index}", service.Client.BaseAddress!.ToString().TrimEnd('/'))
                ),
            ]
        );

    private sealed class Calls(int failures)
    {
        private int _count;

        public int Count => Volatile.Read(ref _count);

        public int Next() => Interlocked.Increment(ref _count) > failures ? 200 : 503;
    }
}
