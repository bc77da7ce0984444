using Polly.Timeout;

namespace Microsoft.Extensions.Http.Resilience;

/// <summary>Options of a timeout around HTTP requests.</summary>
public class HttpTimeoutStrategyOptions : TimeoutStrategyOptions;
