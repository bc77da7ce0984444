using System.Net;
using Polly;
using Polly.Timeout;

namespace Microsoft.Extensions.Http.Resilience;

/// <summary>Failures that may pass by themselves: no connection, no answer in time, 5xx, 408, 429.</summary>
internal static class TransientFailures
{
    public static bool Contain(Outcome<HttpResponseMessage> outcome) =>
        outcome switch
        {
            { Exception: HttpRequestException or TimeoutRejectedException } => true,
            { Result.StatusCode: >= HttpStatusCode.InternalServerError } => true,
            { Result.StatusCode: HttpStatusCode.RequestTimeout or HttpStatusCode.TooManyRequests } => true,
            _ => false,
        };
}
