namespace Microsoft.Extensions.ServiceDiscovery.Http;

/// <summary>Puts service discovery in front of a handler that no HTTP client builder made.</summary>
public interface IServiceDiscoveryHttpMessageHandlerFactory
{
    /// <summary>A handler that resolves the request's host, then calls <paramref name="handler"/>.</summary>
    HttpMessageHandler CreateHandler(HttpMessageHandler handler);
}
