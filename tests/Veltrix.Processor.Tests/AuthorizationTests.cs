using System.Net;
using System.Net.Http.Headers;
using Veltrix.Processor.Tests.Support;
using Veltrix.Testing;

namespace Veltrix.Processor.Tests;

public sealed class AuthorizationTests
{
    [Fact]
    public async Task EveryEndpoint_WithoutAnOperatorsKey_IsRefused()
    {
        await using var platform = await Platform.CreateAsync();
        var node = await platform.StartAsync();
        var endpoints = EndpointAddress.Guarded(node.Services);

        endpoints.Count.ShouldBeGreaterThan(8);
        foreach (var endpoint in endpoints)
        foreach (
            var (key, expected) in new[]
            {
                (null, HttpStatusCode.Unauthorized),
                ("unknown", HttpStatusCode.Unauthorized),
                (ProcessorNode.NodeKey, HttpStatusCode.Forbidden),
                (ProcessorNode.IngestKey, HttpStatusCode.Forbidden),
            }
        )
        {
            using var request = new HttpRequestMessage(new HttpMethod(endpoint.Method), endpoint.Address);
            request.Headers.Authorization = key is null ? null : new AuthenticationHeaderValue("Bearer", key);
            node.Http.DefaultRequestHeaders.Authorization = null;

            using var answer = await node.Http.SendAsync(request, TestContext.Current.CancellationToken);

            answer.StatusCode.ShouldBe(expected, $"{endpoint} with {key}");
        }
    }
}
