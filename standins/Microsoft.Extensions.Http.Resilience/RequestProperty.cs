using Polly;

namespace Microsoft.Extensions.Http.Resilience;

/// <summary>The request that a pipeline runs, for its predicates.</summary>
internal static class RequestProperty
{
    private static readonly ResiliencePropertyKey<HttpRequestMessage?> Key = new("Resilience.Http.RequestMessage");

    public static HttpRequestMessage? Get(ResilienceContext context) => context.Properties.GetValue(Key, null);

    public static void Set(ResilienceContext context, HttpRequestMessage request) =>
        context.Properties.Set(Key, request);
}
