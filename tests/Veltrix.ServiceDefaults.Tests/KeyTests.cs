using System.Net;
using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using Veltrix.ServiceDefaults.Security;

namespace Veltrix.ServiceDefaults.Tests;

public sealed class KeyTests
{
    private static readonly (string, string)[] Keys =
    [
        ("Keys:Ingest", "key-of-ingest"),
        ("Keys:Operator", "key-of-operator"),
        ("Keys:Node", "key-of-node"),
        ("Keys:Operators:ada", "key-of-ada"),
    ];

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("key-of-ingest", "ingest", HttpStatusCode.OK)]
    [InlineData("key-of-ingest", "operator", HttpStatusCode.Forbidden)]
    [InlineData("key-of-ingest", "node", HttpStatusCode.Forbidden)]
    [InlineData("key-of-node", "node", HttpStatusCode.OK)]
    [InlineData("key-of-node", "ingest", HttpStatusCode.Forbidden)]
    [InlineData("key-of-node", "operator", HttpStatusCode.Forbidden)]
    [InlineData("key-of-operator", "ingest", HttpStatusCode.OK)]
    [InlineData("key-of-operator", "operator", HttpStatusCode.OK)]
    [InlineData("key-of-operator", "node", HttpStatusCode.OK)]
    [InlineData("key-of-ada", "operator", HttpStatusCode.OK)]
    [InlineData("key-of-nobody", "ingest", HttpStatusCode.Unauthorized)]
    [InlineData("", "ingest", HttpStatusCode.Unauthorized)]
    public async Task Key_ForARole_IsAnswered(string key, string role, HttpStatusCode expected)
    {
        await using var service = await StartAsync(Keys);
        service.UseKey(key);

        using var response = await service.Client.GetAsync($"/{role}", Cancellation);

        response.StatusCode.ShouldBe(expected);
    }

    [Fact]
    public async Task NamedOperator_IsKnownByItsName()
    {
        await using var service = await StartAsync(Keys);

        service.UseKey("key-of-ada");
        (await service.Client.GetStringAsync("/name", Cancellation)).ShouldBe("ada");
        service.UseKey("key-of-operator");
        (await service.Client.GetStringAsync("/name", Cancellation)).ShouldBe("operator");
    }

    [Fact]
    public async Task NoKey_IsVx9001WithAChallenge()
    {
        await using var service = await StartAsync(Keys);

        using var response = await service.Client.GetAsync("/operator", Cancellation);

        response.StatusCode.ShouldBe(HttpStatusCode.Unauthorized);
        response.Headers.WwwAuthenticate.ToString().ShouldBe("Bearer");
        (await CodeAsync(response)).ShouldBe("VX-9001");
    }

    [Fact]
    public async Task UnknownKey_IsNamedInTheChallenge()
    {
        await using var service = await StartAsync(Keys);
        service.UseKey("key-of-nobody");

        using var response = await service.Client.GetAsync("/operator", Cancellation);

        response.Headers.WwwAuthenticate.ToString().ShouldBe("Bearer error=\"invalid_token\"");
        (await response.Content.ReadAsStringAsync(Cancellation)).ShouldNotContain("key-of-nobody");
        service.Logs.Lines.ShouldNotBeEmpty();
        service.Logs.Lines.ShouldAllBe(line => !line.Text.Contains("key-of-", StringComparison.Ordinal));
    }

    [Fact]
    public async Task WrongRole_IsVx9002AndNamesTheRole()
    {
        await using var service = await StartAsync(Keys);
        service.UseKey("key-of-ingest");

        using var response = await service.Client.GetAsync("/operator", Cancellation);

        using var problem = JsonDocument.Parse(await response.Content.ReadAsStringAsync(Cancellation));
        problem.RootElement.GetProperty("code").GetString().ShouldBe("VX-9002");
        problem
            .RootElement.GetProperty("detail")
            .GetString()
            .ShouldBe("This needs the role operator; the key has the role ingest.");
    }

    [Fact]
    public async Task NoKeysConfigured_EveryoneIsRefused()
    {
        await using var service = await StartAsync([]);
        service.UseKey("");

        foreach (var role in new[] { "ingest", "operator", "node" })
        {
            using var response = await service.Client.GetAsync($"/{role}", Cancellation);
            response.StatusCode.ShouldBe(HttpStatusCode.Unauthorized);
        }
        service.Logs.Lines.ShouldContain(line =>
            line.Level == LogLevel.Critical && line.Text.StartsWith("No key is configured", StringComparison.Ordinal)
        );
    }

    [Theory]
    [InlineData("/health")]
    [InlineData("/alive")]
    [InlineData("/metrics")]
    public async Task OpenAddress_NeedsNoKey(string path)
    {
        await using var service = await StartAsync(Keys);

        using var response = await service.Client.GetAsync(path, Cancellation);

        response.StatusCode.ShouldBe(HttpStatusCode.OK);
    }

    private static Task<TestService> StartAsync((string, string)[] settings) =>
        TestService.StartAsync(
            app =>
            {
                foreach (var role in new[] { Roles.Ingest, Roles.Operator, Roles.Node })
                    app.MapGet($"/{role}", () => "done").RequireAuthorization(role);
                app.MapGet("/name", (HttpContext context) => context.User.Identity!.Name)
                    .RequireAuthorization(Roles.Operator);
            },
            configure: null,
            settings
        );

    private static async Task<string?> CodeAsync(HttpResponseMessage response)
    {
        using var problem = JsonDocument.Parse(await response.Content.ReadAsStringAsync(Cancellation));
        return problem.RootElement.GetProperty("code").GetString();
    }
}
