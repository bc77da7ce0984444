namespace Microsoft.Extensions.Http.Resilience;

/// <summary>Narrows which requests are retried.</summary>
public static class HttpRetryStrategyOptionsExtensions
{
    /// <summary>No retries of POST, PATCH, PUT, DELETE and CONNECT.</summary>
    public static void DisableForUnsafeHttpMethods(this HttpRetryStrategyOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        var inner = options.ShouldHandle;
        options.ShouldHandle = async arguments =>
            !IsUnsafe(RequestProperty.Get(arguments.Context)?.Method) && await inner(arguments);
    }

    private static bool IsUnsafe(HttpMethod? method) =>
        method == HttpMethod.Post
        || method == HttpMethod.Patch
        || method == HttpMethod.Put
        || method == HttpMethod.Delete
        || method == HttpMethod.Connect;
}
