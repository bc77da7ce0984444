namespace Microsoft.Extensions.Http.Resilience;

/// <summary>Options of the standard pipeline, from its outermost strategy to its innermost.</summary>
public class HttpStandardResilienceOptions
{
    /// <summary>30 seconds for all attempts together.</summary>
    public HttpTimeoutStrategyOptions TotalRequestTimeout { get; set; } =
        new() { Name = "Standard-TotalRequestTimeout" };

    /// <summary>3 retries, from 2 seconds on.</summary>
    public HttpRetryStrategyOptions Retry { get; set; } = new() { Name = "Standard-Retry" };

    /// <summary>Opens for 5 seconds when 10 % of at least 100 requests in 30 seconds failed.</summary>
    public HttpCircuitBreakerStrategyOptions CircuitBreaker { get; set; } = new() { Name = "Standard-CircuitBreaker" };

    /// <summary>10 seconds for each attempt.</summary>
    public HttpTimeoutStrategyOptions AttemptTimeout { get; set; } =
        new() { Name = "Standard-AttemptTimeout", Timeout = TimeSpan.FromSeconds(10) };
}
