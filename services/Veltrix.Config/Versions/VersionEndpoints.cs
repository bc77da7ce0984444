using System.Globalization;
using Microsoft.AspNetCore.Mvc;
using Veltrix.Config.Store;
using Veltrix.Configuration;
using Veltrix.Events;
using Veltrix.ServiceDefaults.Problems;
using Veltrix.ServiceDefaults.Security;

namespace Veltrix.Config.Versions;

internal static class VersionEndpoints
{
    private const int MaximumPublicationBytes = 1024 * 1024;
    private const int DefaultPageSize = 50;
    private const int MaximumPageSize = 200;

    public static void MapVersions(this IEndpointRouteBuilder app)
    {
        var group = app.MapGroup("/configuration")
            .AddEndpointFilter(Problems.AnswerStoreFailure)
            .WithTags("Configuration");
        group
            .MapGet("", Current)
            .WithSummary("The version in force; served from memory, also when the store is away.")
            .Produces<ConfigurationVersion>()
            .Produces(StatusCodes.Status304NotModified)
            .ProducesProblem(StatusCodes.Status503ServiceUnavailable)
            .RequireAuthorization(Roles.Node);
        group
            .MapGet("/versions", HistoryAsync)
            .WithSummary("Published versions, newest first, those below `before`.")
            .Produces<IReadOnlyList<ConfigurationVersion>>()
            .ProducesProblem(StatusCodes.Status400BadRequest)
            .ProducesProblem(StatusCodes.Status503ServiceUnavailable)
            .RequireAuthorization(Roles.Operator);
        group
            .MapGet("/versions/{number}", SingleAsync)
            .WithSummary("One published version.")
            .Produces<ConfigurationVersion>()
            .ProducesProblem(StatusCodes.Status404NotFound)
            .ProducesProblem(StatusCodes.Status503ServiceUnavailable)
            .RequireAuthorization(Roles.Operator);
        group
            .MapPost("/versions", PublishAsync)
            .WithSummary(
                "Publishes a new version. If-Match with the ETag of the current one guards against lost updates."
            )
            .Accepts<Publication>("application/json")
            .Produces<ConfigurationVersion>(StatusCodes.Status201Created)
            .ProducesProblem(StatusCodes.Status400BadRequest)
            .ProducesProblem(StatusCodes.Status412PreconditionFailed)
            .ProducesProblem(StatusCodes.Status413PayloadTooLarge)
            .ProducesProblem(StatusCodes.Status422UnprocessableEntity)
            .ProducesProblem(StatusCodes.Status503ServiceUnavailable)
            .WithMetadata(new RequestSizeLimitAttribute(MaximumPublicationBytes))
            .RequireAuthorization(Roles.Operator);
    }

    private static IResult Current(HttpContext context, CurrentVersion current)
    {
        if (current.Value is not { } version)
            return Problems.NotReady(context);
        var tag = IfMatch.TagOf(version.Number);
        context.Response.GetTypedHeaders().ETag = tag;
        return context
            .Request.GetTypedHeaders()
            .IfNoneMatch.Any(known => known.Compare(tag, useStrongComparison: false))
            ? TypedResults.StatusCode(StatusCodes.Status304NotModified)
            : TypedResults.Ok(version);
    }

    private static async Task<IResult> HistoryAsync(
        string? before,
        string? limit,
        VersionStore store,
        CancellationToken cancellation
    )
    {
        if (!TryNumber(before, int.MaxValue, int.MaxValue, out var below))
            return ErrorCatalogue.InvalidRequest.ToProblem("before must be a whole number from 1.");
        if (!TryNumber(limit, DefaultPageSize, MaximumPageSize, out var most))
            return ErrorCatalogue.InvalidRequest.ToProblem(
                $"limit must be a whole number from 1 to {MaximumPageSize}."
            );
        return TypedResults.Ok(await store.HistoryAsync(below, most, cancellation));
    }

    private static async Task<IResult> SingleAsync(string number, VersionStore store, CancellationToken cancellation)
    {
        if (!TryNumber(number, 0, int.MaxValue, out var wanted))
            return ErrorCatalogue.InvalidRequest.ToProblem("A version's number is a whole number from 1.");
        return await store.FindAsync(wanted, cancellation) is { } version
            ? TypedResults.Ok(version)
            : ErrorCatalogue.UnknownVersion.ToProblem($"There is no version {wanted}.");
    }

    private static async Task<IResult> PublishAsync(
        HttpContext context,
        VersionStore store,
        CurrentVersion current,
        CancellationToken cancellation
    )
    {
        if (!IfMatch.TryParse(context.Request.Headers.IfMatch, out var mayFollow))
            return ErrorCatalogue.InvalidRequest.ToProblem(
                "If-Match must hold quoted entity tags such as \"7\", or *."
            );
        var (document, problem) = await RequestBody.ReadJsonAsync(context.Request);
        using var body = document;
        if (problem is not null)
            return problem;
        if (PublicationReader.Read(body!.RootElement, out var publication) is { } refusal)
            return refusal;
        var draft = new VersionDraft(publication!.Configuration, context.User.Identity!.Name!, publication.Reason);
        return await store.PublishAsync(draft, mayFollow, cancellation) switch
        {
            PublishResult.Published { Version: var version } => Created(version),
            PublishResult.Stale { CurrentNumber: var number } => ErrorCatalogue.StaleVersion.ToProblem(
                $"The current version is {number}."
            ),
            var other => throw new InvalidOperationException(other.ToString()),
        };

        IResult Created(ConfigurationVersion version)
        {
            current.Offer(version);
            context.Response.GetTypedHeaders().ETag = IfMatch.TagOf(version.Number);
            return TypedResults.Created(
                string.Create(CultureInfo.InvariantCulture, $"/configuration/versions/{version.Number}"),
                version
            );
        }
    }

    private static bool TryNumber(string? text, int whenAbsent, int maximum, out int number)
    {
        number = whenAbsent;
        return text is null
            || (
                int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out number)
                && number >= 1
                && number <= maximum
            );
    }
}
