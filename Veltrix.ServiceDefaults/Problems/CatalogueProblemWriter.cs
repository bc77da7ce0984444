using System.Diagnostics;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;
using Microsoft.Extensions.Options;
using Veltrix.Events;
using JsonOptions = Microsoft.AspNetCore.Http.Json.JsonOptions;

namespace Veltrix.ServiceDefaults.Problems;

/// <summary>Writes every problem document of a service: with code and fix of the catalogue, the trace id, and Retry-After.</summary>
internal sealed class CatalogueProblemWriter(IOptions<JsonOptions> json) : IProblemDetailsWriter
{
    private const long DefaultRetryAfterSeconds = 1;

    public bool CanWrite(ProblemDetailsContext context) => true;

    public async ValueTask WriteAsync(ProblemDetailsContext context)
    {
        var (response, problem) = (context.HttpContext.Response, context.ProblemDetails);
        problem.Status ??= response.StatusCode;
        if (!problem.Extensions.ContainsKey(ProblemExtensions.CodeMember))
            Complete(problem, StatusErrors.For(problem.Status.Value));
        // What the logs carry as trace.id.
        problem.Extensions[ProblemExtensions.TraceMember] =
            Activity.Current?.TraceId.ToHexString() ?? context.HttpContext.TraceIdentifier;
        SetRetryAfter(response, problem);
        await response.WriteAsJsonAsync(
            problem,
            json.Value.SerializerOptions,
            "application/problem+json",
            context.HttpContext.RequestAborted
        );
    }

    private static void Complete(ProblemDetails problem, Error error)
    {
        problem.Title = error.Title;
        problem.Extensions[ProblemExtensions.CodeMember] = error.Code;
        problem.Extensions[ProblemExtensions.FixMember] = error.Fix;
    }

    private static void SetRetryAfter(HttpResponse response, ProblemDetails problem)
    {
        var seconds = problem.Extensions.TryGetValue(ProblemExtensions.RetryAfterMember, out var said)
            ? said as long?
            : null;
        if (problem.Status is StatusCodes.Status429TooManyRequests or StatusCodes.Status503ServiceUnavailable)
            problem.Extensions[ProblemExtensions.RetryAfterMember] = seconds ??= DefaultRetryAfterSeconds;
        if (seconds is { } value && response.Headers.RetryAfter.Count == 0)
            response.Headers.RetryAfter = value.ToString();
    }
}
