using System.Net.Http.Headers;

namespace Veltrix.Admin.Clients;

/// <summary>Sends the operator key with every request; people who are signed in have shown the same key.</summary>
internal sealed class OperatorKeyHandler(IConfiguration configuration) : DelegatingHandler
{
    protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellation)
    {
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", configuration["Keys:Operator"]);
        return base.SendAsync(request, cancellation);
    }
}
