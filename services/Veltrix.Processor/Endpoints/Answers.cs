using Microsoft.AspNetCore.Http.HttpResults;
using Veltrix.Events;
using Veltrix.ServiceDefaults.Problems;

namespace Veltrix.Processor.Endpoints;

/// <summary>Answers to a limit that is out of range.</summary>
internal static class Limits
{
    public static ProblemHttpResult Refuse(int most) =>
        ErrorCatalogue.InvalidRequest.ToProblem($"limit must be between 1 and {most}.");
}

/// <summary>Answers while a store cannot be reached.</summary>
internal static class Away
{
    private const int RetryAfterSeconds = 1;

    public static ProblemHttpResult Answer(HttpContext http, string detail)
    {
        http.Response.Headers.RetryAfter = RetryAfterSeconds.ToString();
        return ErrorCatalogue.StoreUnavailable.ToProblem(detail);
    }

    /// <summary>Answers 503 instead of 500 when PostgreSQL is away.</summary>
    public static async ValueTask<object?> Filter(EndpointFilterInvocationContext context, EndpointFilterDelegate next)
    {
        try
        {
            return await next(context);
        }
        catch (Exception failure)
            when (Database.TransientFailure.Is(failure) && !context.HttpContext.RequestAborted.IsCancellationRequested)
        {
            return Answer(context.HttpContext, "PostgreSQL does not answer.");
        }
    }
}
