using System.Net;
using System.Reflection;
using System.Text.RegularExpressions;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Components;
using Veltrix.Admin.Components;
using Veltrix.Admin.Tests.Fakes;

namespace Veltrix.Admin.Tests.Site;

/// <summary>Who gets in, over plain HTTP.</summary>
public sealed partial class AccessTests(AccessTests.Fixture fixture) : IClassFixture<AccessTests.Fixture>
{
    private readonly CancellationToken _cancellation = TestContext.Current.CancellationToken;
    private readonly AdminSite _site = fixture.Site;

    /// <summary>Every page that is not open on purpose, and one that there is not.</summary>
    public static TheoryData<string> GuardedPages =>
        [
            .. typeof(App)
                .Assembly.GetTypes()
                .Where(page => page.GetCustomAttribute<AllowAnonymousAttribute>() is null)
                .SelectMany(page => page.GetCustomAttributes<RouteAttribute>())
                .Select(route => Parameter().Replace(route.Template, "1")),
            "/nowhere",
        ];

    [Fact]
    public void GuardedPages_AreAllButTheSignIn() => GuardedPages.Count.ShouldBeGreaterThan(12);

    [Theory]
    [MemberData(nameof(GuardedPages))]
    public async Task Page_WithoutSession_LeadsToSignIn(string path)
    {
        using var client = _site.Client();

        using var answer = await client.GetAsync(path, _cancellation);

        answer.StatusCode.ShouldBe(HttpStatusCode.Redirect);
        answer.Headers.Location!.AbsolutePath.ShouldBe("/sign-in");
        answer.Headers.Location.Query.ShouldBe($"?returnUrl={Uri.EscapeDataString(path)}");
    }

    [Theory]
    [InlineData("POST", "/_blazor/negotiate?negotiateVersion=1")]
    [InlineData("GET", "/_blazor?id=guess")]
    [InlineData("POST", "/sign-out")]
    public async Task Hub_WithoutSession_IsRefused(string method, string path)
    {
        using var client = _site.Client();

        using var answer = await client.SendAsync(new HttpRequestMessage(new HttpMethod(method), path), _cancellation);

        answer.StatusCode.ShouldBe(HttpStatusCode.Unauthorized);
    }

    [Theory]
    [InlineData("/health")]
    [InlineData("/alive")]
    [InlineData("/metrics")]
    [InlineData("/sign-in")]
    [InlineData("/site.css")]
    [InlineData("/theme.js")]
    [InlineData("/Veltrix.Admin.styles.css")]
    [InlineData("/_framework/blazor.web.js")]
    [InlineData("/_content/Radzen.Blazor/Radzen.Blazor.min.js")]
    public async Task OpenAddress_WithoutSession_Answers(string path)
    {
        using var client = _site.Client();

        using var answer = await client.GetAsync(path, _cancellation);

        answer.StatusCode.ShouldBe(HttpStatusCode.OK);
    }

    [Fact]
    public async Task SignIn_WrongKey_SaysSoAndLogsNoKey()
    {
        using var client = _site.Client();

        using var answer = await AdminSite.SignInAsync(client, "a-wrong-key-that-must-not-be-logged");

        answer.StatusCode.ShouldBe(HttpStatusCode.OK);
        (await answer.Content.ReadAsStringAsync(_cancellation)).ShouldContain("This key is not known.");
        SessionCookie(answer).ShouldBeNull();
        await Testing.Eventually.HoldsAsync(() => _site.Log.Contains("refused"), cancellation: _cancellation);
        _site.Log.ShouldNotContain("a-wrong-key-that-must-not-be-logged");
    }

    [Fact]
    public async Task SignIn_KeyOfAnotherRole_SaysWhich()
    {
        using var client = _site.Client();

        using var answer = await AdminSite.SignInAsync(client, "ingest-key-of-the-tests");

        (await answer.Content.ReadAsStringAsync(_cancellation)).ShouldContain("This is the ingest key.");
        SessionCookie(answer).ShouldBeNull();
    }

    [Fact]
    public async Task SignIn_OperatorKey_SetsAHardenedSessionCookieAndOpensThePages()
    {
        using var client = _site.Client();

        using var answer = await AdminSite.SignInAsync(
            client,
            FakePlatform.OperatorKey,
            "/sign-in?returnUrl=%2Fworkflows%3Fstate%3DHunting"
        );

        answer.StatusCode.ShouldBe(HttpStatusCode.Redirect);
        answer.Headers.Location!.ToString().ShouldEndWith("/workflows?state=Hunting");
        var cookie = SessionCookie(answer).ShouldNotBeNull().ToLowerInvariant();
        cookie.ShouldContain("httponly");
        cookie.ShouldContain("samesite=strict");
        cookie.ShouldNotContain("expires");
        cookie.ShouldNotContain("max-age");
        using var page = await client.GetAsync("/", _cancellation);
        page.StatusCode.ShouldBe(HttpStatusCode.OK);
        _site.Log.ShouldNotContain(FakePlatform.OperatorKey);
    }

    [Theory]
    [InlineData("https://elsewhere.example/")]
    [InlineData("//elsewhere.example/")]
    [InlineData("/\\elsewhere.example/")]
    public async Task SignIn_ReturnAddressElsewhere_LeadsToTheOverview(string address)
    {
        using var client = _site.Client();

        using var answer = await AdminSite.SignInAsync(
            client,
            FakePlatform.OperatorKey,
            $"/sign-in?returnUrl={Uri.EscapeDataString(address)}"
        );

        new Uri(_site.Address, answer.Headers.Location!).ShouldBe(_site.Address);
    }

    [Fact]
    public async Task SignIn_WithoutAntiforgeryToken_IsRefused()
    {
        using var client = _site.Client();

        using var answer = await client.PostAsync(
            "/sign-in",
            new FormUrlEncodedContent([new("_handler", "sign-in"), new("Key", FakePlatform.OperatorKey)]),
            _cancellation
        );

        answer.StatusCode.ShouldBe(HttpStatusCode.BadRequest);
        SessionCookie(answer).ShouldBeNull();
    }

    [Fact]
    public async Task SignOut_WithoutAntiforgeryToken_IsRefused()
    {
        using var client = _site.Client();
        (await AdminSite.SignInAsync(client, FakePlatform.OperatorKey)).Dispose();

        using var answer = await client.PostAsync("/sign-out", null, _cancellation);

        answer.StatusCode.ShouldBe(HttpStatusCode.BadRequest);
    }

    [Fact]
    public async Task Page_ThatDoesNotExist_SaysSo()
    {
        using var client = _site.Client();
        (await AdminSite.SignInAsync(client, FakePlatform.OperatorKey)).Dispose();

        using var answer = await client.GetAsync("/nowhere", _cancellation);

        answer.StatusCode.ShouldBe(HttpStatusCode.NotFound);
        (await answer.Content.ReadAsStringAsync(_cancellation)).ShouldContain("Nothing is here");
    }

    [Fact]
    public async Task Page_EveryAnswer_ForbidsForeignContentAndFraming()
    {
        using var client = _site.Client();

        using var answer = await client.GetAsync("/sign-in", _cancellation);

        var policy = answer.Headers.GetValues("Content-Security-Policy").ShouldHaveSingleItem();
        policy.ShouldContain("default-src 'self'");
        policy.ShouldContain("frame-ancestors 'none'");
    }

    [Fact]
    public async Task Nodes_WithoutAnyBrowser_AreReadInTheBackground()
    {
        var before = _site.Platform.NodeRequests;

        await Testing.Eventually.HoldsAsync(
            () => _site.Platform.NodeRequests > before + 1,
            cancellation: _cancellation
        );
    }

    [GeneratedRegex(@"\{[^}]+\}", RegexOptions.None, matchTimeoutMilliseconds: 1_000)]
    private static partial Regex Parameter();

    private static string? SessionCookie(HttpResponseMessage answer) =>
        answer.Headers.TryGetValues("Set-Cookie", out var cookies)
            ? cookies.FirstOrDefault(cookie => cookie.StartsWith("veltrix-admin=", StringComparison.Ordinal))
            : null;

    public sealed class Fixture : IAsyncLifetime
    {
        public AdminSite Site { get; private set; } = null!;

        // Not Development: static assets must be found without it, too.
        public async ValueTask InitializeAsync() => Site = await AdminSite.StartAsync("Production");

        public ValueTask DisposeAsync() => Site.DisposeAsync();
    }
}
