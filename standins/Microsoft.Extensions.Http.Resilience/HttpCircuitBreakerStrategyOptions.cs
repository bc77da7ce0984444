using Polly.CircuitBreaker;

namespace Microsoft.Extensions.Http.Resilience;

/// <summary>Options of a circuit breaker around HTTP requests: transient failures count.</summary>
public class HttpCircuitBreakerStrategyOptions : CircuitBreakerStrategyOptions<HttpResponseMessage>
{
    public HttpCircuitBreakerStrategyOptions() =>
        ShouldHandle = static arguments => ValueTask.FromResult(TransientFailures.Contain(arguments.Outcome));
}
