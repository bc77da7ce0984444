using System.Text.Json;
using Microsoft.AspNetCore.Http.HttpResults;
using Veltrix.Config.Store;
using Veltrix.Events;
using Veltrix.ServiceDefaults.Problems;

namespace Veltrix.Config;

internal static class Problems
{
    private static readonly TimeSpan RetryAfter = TimeSpan.FromSeconds(2);

    /// <summary>Answers 503 with Retry-After where the store fails, and says so where it holds what cannot be read.</summary>
    public static async ValueTask<object?> AnswerStoreFailure(
        EndpointFilterInvocationContext context,
        EndpointFilterDelegate next
    )
    {
        try
        {
            return await next(context);
        }
        catch (Exception exception) when (StoreFailure.Is(exception))
        {
            return RetryLater(ErrorCatalogue.StoreUnavailable, exception.GetBaseException().Message);
        }
        catch (JsonException exception)
        {
            return ErrorCatalogue.UnreadableDocument.ToProblem(exception.Message);
        }
    }

    /// <summary>Nothing was read from the store yet.</summary>
    public static ProblemHttpResult NotReady() =>
        RetryLater(ErrorCatalogue.NotReady, "No configuration was read from the store yet.");

    /// <summary>The replica serves as many watchers as it may.</summary>
    public static ProblemHttpResult TooManyWatchers(int maximum) =>
        RetryLater(ErrorCatalogue.TooManyWatchers, $"This replica serves {maximum} watchers already.");

    private static ProblemHttpResult RetryLater(Error error, string detail) =>
        error.ToProblem(detail, retryAfter: RetryAfter);
}
