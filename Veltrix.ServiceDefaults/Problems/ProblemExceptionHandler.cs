using System.Data.Common;
using Microsoft.AspNetCore.Diagnostics;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;
using Microsoft.Extensions.Logging;
using Veltrix.Events;
using Veltrix.ServiceDefaults.Configuration;

namespace Veltrix.ServiceDefaults.Problems;

/// <summary>Turns what a request's handler threw into a problem document. Messages of unexpected exceptions stay in the log.</summary>
internal sealed partial class ProblemExceptionHandler(
    IProblemDetailsService problems,
    ILogger<ProblemExceptionHandler> logger
) : IExceptionHandler
{
    public async ValueTask<bool> TryHandleAsync(
        HttpContext httpContext,
        Exception exception,
        CancellationToken cancellationToken
    )
    {
        var (error, status, detail) = Classify(exception);
        if (error == ErrorCatalogue.Internal)
            Log.Unexpected(logger, exception, httpContext.Request.Method, httpContext.Request.Path);
        else if (status >= StatusCodes.Status500InternalServerError)
            Log.Unavailable(logger, exception, error.Code, httpContext.Request.Method, httpContext.Request.Path);

        httpContext.Response.StatusCode = status;
        var problem = new ProblemDetails
        {
            Status = status,
            Title = error.Title,
            Detail = detail,
        };
        problem.Extensions[ProblemExtensions.CodeMember] = error.Code;
        problem.Extensions[ProblemExtensions.FixMember] = error.Fix;
        return await problems.TryWriteAsync(
            new ProblemDetailsContext
            {
                HttpContext = httpContext,
                ProblemDetails = problem,
                Exception = exception,
            }
        );
    }

    private static (Error Error, int Status, string? Detail) Classify(Exception exception)
    {
        if (exception is BadHttpRequestException request)
            return BadRequests.Classify(request);
        if (exception is ConfigurationUnavailableException)
            return (ErrorCatalogue.NotReady, ErrorCatalogue.NotReady.Status, exception.Message);
        if (IsStoreUnavailable(exception))
            return (ErrorCatalogue.StoreUnavailable, ErrorCatalogue.StoreUnavailable.Status, null);
        return (ErrorCatalogue.Internal, ErrorCatalogue.Internal.Status, null);
    }

    /// <summary>
    /// Npgsql marks lost and refused connections as transient; Entity Framework wraps them. A server that is reachable but
    /// lets nobody in says so by SQLSTATE: class 08 connection, 28 authorization, 3D no such database, 53 resources, 57P
    /// shutdown. Source: PostgreSQL manual, appendix A.
    /// </summary>
    private static bool IsStoreUnavailable(Exception exception)
    {
        for (Exception? cause = exception; cause is not null; cause = cause.InnerException)
            if (
                cause is DbException database
                && (
                    database.IsTransient
                    || database.SqlState
                        is ['0', '8', ..]
                            or ['2', '8', ..]
                            or ['3', 'D', ..]
                            or ['5', '3', ..]
                            or ['5', '7', 'P', ..]
                )
            )
                return true;
        return false;
    }

    private static partial class Log
    {
        [LoggerMessage(LogLevel.Error, "{Method} {Path} failed unexpectedly")]
        public static partial void Unexpected(ILogger logger, Exception error, string method, string path);

        [LoggerMessage(LogLevel.Warning, "{Method} {Path} was answered with {Code}")]
        public static partial void Unavailable(
            ILogger logger,
            Exception error,
            string code,
            string method,
            string path
        );
    }
}
