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
    private static readonly TimeSpan RetryAfter = TimeSpan.FromSeconds(1);

    public static ProblemHttpResult Answer(string detail) =>
        ErrorCatalogue.StoreUnavailable.ToProblem(detail, retryAfter: RetryAfter);

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
            return Answer("PostgreSQL does not answer.");
        }
    }
}
