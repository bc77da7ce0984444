using Veltrix.Config.Store;
using Veltrix.Configuration.History;
using Veltrix.ServiceDefaults.Security;

namespace Veltrix.Config.History;

internal static class HistoryEndpoints
{
    public static void MapHistory(this IEndpointRouteBuilder app)
    {
        var group = app.MapGroup("/configuration")
            .AddEndpointFilter(Problems.AnswerStoreFailure)
            .WithTags("History")
            .ProducesProblem(StatusCodes.Status503ServiceUnavailable)
            .RequireAuthorization(Roles.Operator);
        group
            .MapGet("/verify", VerifyAsync)
            .WithSummary("Verifies the hash chain of all versions; names the first that does not fit.")
            .Produces<HistoryVerdict>();
        group
            .MapGet("/audit", AuditAsync)
            .WithSummary("Every act on the configuration, newest first, those below `before`.")
            .Produces<IReadOnlyList<AuditEntry>>()
            .ProducesProblem(StatusCodes.Status400BadRequest);
    }

    private static async Task<IResult> VerifyAsync(ChainVerifier verifier, CancellationToken cancellation) =>
        TypedResults.Ok(await verifier.VerifyAsync(cancellation));

    private static async Task<IResult> AuditAsync(
        string? before,
        string? limit,
        VersionStore store,
        CancellationToken cancellation
    ) =>
        Page.Read(before, limit, out var page)
        ?? (IResult)TypedResults.Ok(await store.AuditAsync(page.Before, page.Limit, cancellation));
}
