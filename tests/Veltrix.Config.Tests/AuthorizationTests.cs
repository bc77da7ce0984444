using Veltrix.ServiceDefaults.Security;
using Veltrix.Testing;

namespace Veltrix.Config.Tests;

public sealed class AuthorizationTests(SharedReplica shared)
{
    /// <summary>All else is the operators' alone.</summary>
    private static readonly Dictionary<string, string[]> OthersThatMay = new()
    {
        ["/configuration"] = [Roles.Node],
        ["/configuration/watch"] = [Roles.Node],
        ["/nodes/report"] = [Roles.Node],
        ["/openapi/{documentName}.json"] = [Roles.Node, Roles.Ingest],
    };

    [Fact]
    public async Task EveryEndpoint_ByRole_IsAllowedToThatRoleOnly()
    {
        var endpoints = EndpointAddress.Guarded(shared.Replica.Services);

        endpoints.Count.ShouldBeGreaterThan(35);
        foreach (var endpoint in endpoints)
        {
            var what = $"{endpoint.Method} {endpoint.Pattern}";
            (await StatusAsync(endpoint, role: null)).ShouldBe(401, what);
            foreach (var role in new[] { Roles.Ingest, Roles.Node, Roles.Operator })
            {
                var mayAct =
                    role == Roles.Operator
                    || OthersThatMay.GetValueOrDefault(endpoint.Pattern, []).Contains(role, StringComparer.Ordinal);
                var status = await StatusAsync(endpoint, role);
                if (mayAct)
                    status.ShouldNotBeOneOf([401, 403], $"{what} by {role}");
                else
                    status.ShouldBe(403, $"{what} by {role}");
            }
        }
    }

    [Theory]
    [InlineData("/health")]
    [InlineData("/alive")]
    [InlineData("/metrics")]
    public async Task Probe_WithoutKey_IsOpen(string address) =>
        (await StatusAsync(new EndpointAddress("GET", address), role: null)).ShouldBe(200);

    /// <summary>Without a reason, a body or a number that exists: nobody changes anything by it.</summary>
    private async Task<int> StatusAsync(EndpointAddress endpoint, string? role)
    {
        using var client = shared.Replica.As(role);
        using var request = new HttpRequestMessage(new HttpMethod(endpoint.Method), endpoint.Address);
        using var response = await client.SendAsync(
            request,
            HttpCompletionOption.ResponseHeadersRead,
            TestContext.Current.CancellationToken
        );
        return (int)response.StatusCode;
    }
}
