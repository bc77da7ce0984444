using Veltrix.ServiceDefaults.Security;

namespace Veltrix.Config.Tests;

public sealed class AuthorizationTests(SharedReplica shared)
{
    [Theory]
    [InlineData("GET", "/configuration", Roles.Node, Roles.Operator)]
    [InlineData("GET", "/configuration/versions", Roles.Operator)]
    [InlineData("GET", "/configuration/versions/1", Roles.Operator)]
    [InlineData("POST", "/configuration/versions", Roles.Operator)]
    [InlineData("POST", "/configuration/versions/1/rollback", Roles.Operator)]
    [InlineData("GET", "/configuration/versions/1/document", Roles.Operator)]
    [InlineData("GET", "/configuration/diff?from=1", Roles.Operator)]
    [InlineData("GET", "/configuration/verify", Roles.Operator)]
    [InlineData("GET", "/configuration/audit", Roles.Operator)]
    [InlineData("GET", "/configuration/policy", Roles.Operator)]
    [InlineData("POST", "/configuration/freeze", Roles.Operator)]
    [InlineData("POST", "/configuration/unfreeze", Roles.Operator)]
    [InlineData("POST", "/configuration/four-eyes", Roles.Operator)]
    [InlineData("POST", "/configuration/pins", Roles.Operator)]
    [InlineData("DELETE", "/configuration/pins", Roles.Operator)]
    [InlineData("GET", "/configuration/proposals", Roles.Operator)]
    [InlineData("POST", "/configuration/proposals", Roles.Operator)]
    [InlineData("GET", "/configuration/proposals/1", Roles.Operator)]
    [InlineData("GET", "/configuration/proposals/1/diff", Roles.Operator)]
    [InlineData("GET", "/configuration/proposals/1/diagnosis", Roles.Operator)]
    [InlineData("POST", "/configuration/proposals/1/validate", Roles.Operator)]
    [InlineData("POST", "/configuration/proposals/1/approve", Roles.Operator)]
    [InlineData("POST", "/configuration/proposals/1/publish", Roles.Operator)]
    [InlineData("POST", "/configuration/proposals/1/withdraw", Roles.Operator)]
    [InlineData("GET", "/configuration/watch?from=-", Roles.Node, Roles.Operator)]
    [InlineData("GET", "/nodes", Roles.Operator)]
    [InlineData("POST", "/nodes/report", Roles.Node, Roles.Operator)]
    [InlineData("GET", "/openapi/v1.json", Roles.Node, Roles.Operator, Roles.Ingest)]
    public async Task Request_ByRole_IsAllowedToThatRoleOnly(string method, string address, params string[] allowed)
    {
        (await StatusAsync(shared.Replica, method, address, null)).ShouldBe(401);
        foreach (var role in new[] { Roles.Ingest, Roles.Node, Roles.Operator })
        {
            var status = await StatusAsync(shared.Replica, method, address, role);
            if (allowed.Contains(role))
                status.ShouldNotBeOneOf(401, 403);
            else
                status.ShouldBe(403);
        }
    }

    [Theory]
    [InlineData("/health")]
    [InlineData("/alive")]
    public async Task Probe_WithoutKey_IsOpen(string address)
    {
        (await StatusAsync(shared.Replica, "GET", address, null)).ShouldBe(200);
    }

    private static async Task<int> StatusAsync(Replica replica, string method, string address, string? role)
    {
        using var client = replica.As(role);
        using var request = new HttpRequestMessage(new HttpMethod(method), address);
        using var response = await client.SendAsync(
            request,
            HttpCompletionOption.ResponseHeadersRead,
            TestContext.Current.CancellationToken
        );
        return (int)response.StatusCode;
    }
}
