using System.Globalization;
using System.Text;
using Microsoft.AspNetCore.Mvc;
using Veltrix.Config.Acts;
using Veltrix.Config.Store;
using Veltrix.Configuration;
using Veltrix.Configuration.Differences;
using Veltrix.Events;
using Veltrix.ServiceDefaults.Problems;
using Veltrix.ServiceDefaults.Security;

namespace Veltrix.Config.Versions;

internal static class VersionEndpoints
{
    private const int MaximumPublicationBytes = 1024 * 1024;

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
            .ProducesProblem(StatusCodes.Status400BadRequest)
            .ProducesProblem(StatusCodes.Status404NotFound)
            .ProducesProblem(StatusCodes.Status503ServiceUnavailable)
            .RequireAuthorization(Roles.Operator);
        group
            .MapGet("/versions/{number}/document", DocumentAsync)
            .WithSummary("The canonical bytes of one version, for export. Proposed again they give the same bytes.")
            .Produces<PlatformConfiguration>()
            .ProducesProblem(StatusCodes.Status400BadRequest)
            .ProducesProblem(StatusCodes.Status404NotFound)
            .ProducesProblem(StatusCodes.Status503ServiceUnavailable)
            .RequireAuthorization(Roles.Operator);
        group
            .MapGet("/diff", DifferencesAsync)
            .WithSummary("What changes from version `from` to version `to`, or to the current one without `to`.")
            .Produces<ConfigurationDifferences>()
            .ProducesProblem(StatusCodes.Status400BadRequest)
            .ProducesProblem(StatusCodes.Status404NotFound)
            .ProducesProblem(StatusCodes.Status503ServiceUnavailable)
            .RequireAuthorization(Roles.Operator);
        group
            .MapPost("/versions", PublishAsync)
            .WithSummary(
                "Publishes a new version at once. If-Match names the version that it follows by its ETag; * is any."
            )
            .Accepts<Publication>("application/json", ConfigurationYaml.MediaType, ConfigurationYaml.EarlierMediaType)
            .Produces<ConfigurationVersion>(StatusCodes.Status201Created)
            .ProducesProblem(StatusCodes.Status400BadRequest)
            .ProducesProblem(StatusCodes.Status409Conflict)
            .ProducesProblem(StatusCodes.Status412PreconditionFailed)
            .ProducesProblem(StatusCodes.Status413PayloadTooLarge)
            .ProducesProblem(StatusCodes.Status422UnprocessableEntity)
            .ProducesProblem(StatusCodes.Status428PreconditionRequired)
            .ProducesProblem(StatusCodes.Status503ServiceUnavailable)
            .WithMetadata(new RequestSizeLimitAttribute(MaximumPublicationBytes))
            .RequireAuthorization(Roles.Operator);
        group
            .MapPost("/versions/{number}/rollback", RollBackAsync)
            .WithSummary(
                "Publishes a new version with the document of this one, for `reason`. If-Match names the version that it follows; * is any."
            )
            .Produces<ConfigurationVersion>(StatusCodes.Status201Created)
            .ProducesProblem(StatusCodes.Status400BadRequest)
            .ProducesProblem(StatusCodes.Status404NotFound)
            .ProducesProblem(StatusCodes.Status409Conflict)
            .ProducesProblem(StatusCodes.Status412PreconditionFailed)
            .ProducesProblem(StatusCodes.Status422UnprocessableEntity)
            .ProducesProblem(StatusCodes.Status428PreconditionRequired)
            .ProducesProblem(StatusCodes.Status503ServiceUnavailable)
            .RequireAuthorization(Roles.Operator);
    }

    /// <summary>The answer to a publication, which is in force on this replica at once.</summary>
    public static IResult Created(HttpContext context, CurrentVersion current, ConfigurationVersion version)
    {
        current.Offer(version);
        context.Response.GetTypedHeaders().ETag = IfMatch.TagOf(version.Number);
        return TypedResults.Created(
            string.Create(CultureInfo.InvariantCulture, $"/configuration/versions/{version.Number}"),
            version
        );
    }

    private static IResult Current(HttpContext context, CurrentVersion current)
    {
        if (current.Value is not { } version)
            return Problems.NotReady();
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
    ) =>
        Page.Read(before, limit, out var page)
        ?? (IResult)TypedResults.Ok(await store.HistoryAsync(page.Before, page.Limit, cancellation));

    private static async Task<IResult> SingleAsync(string number, VersionStore store, CancellationToken cancellation)
    {
        if (!WholeNumber.TryRead(number, out var wanted))
            return NotANumber();
        return await store.FindAsync(wanted, cancellation) is { } version ? TypedResults.Ok(version) : Unknown(wanted);
    }

    private static async Task<IResult> DocumentAsync(
        HttpContext context,
        string number,
        VersionStore store,
        CancellationToken cancellation
    )
    {
        if (!WholeNumber.TryRead(number, out var wanted))
            return NotANumber();
        if (await store.DocumentAsync(wanted, cancellation) is not { } document)
            return Unknown(wanted);
        context.Response.GetTypedHeaders().ETag = IfMatch.TagOf(wanted);
        return TypedResults.Bytes(Encoding.UTF8.GetBytes(document), "application/json");
    }

    private static async Task<IResult> DifferencesAsync(
        string? from,
        string? to,
        VersionStore store,
        CurrentVersion current,
        CancellationToken cancellation
    )
    {
        if (
            !WholeNumber.TryRead(from, 0, int.MaxValue, out var older)
            || !WholeNumber.TryRead(to, current.Value?.Number ?? 0, int.MaxValue, out var newer)
            || from is null
        )
            return ErrorCatalogue.InvalidRequest.ToProblem("from and to must be whole numbers from 1.");
        if (await store.FindAsync(older, cancellation) is not { } before)
            return Unknown(older);
        if (await store.FindAsync(newer, cancellation) is not { } after)
            return Unknown(newer);
        return TypedResults.Ok(
            new ConfigurationDifferences(
                older,
                newer,
                Proposal: null,
                SemanticDifference.Between(before.Configuration, after.Configuration),
                ConfigurationEffect.Between(before.Configuration, after.Configuration)
            )
        );
    }

    private static async Task<IResult> PublishAsync(
        HttpContext context,
        VersionActs acts,
        CurrentVersion current,
        CancellationToken cancellation
    )
    {
        if (IfMatch.Require(context.Request, out var mayFollow) is { } unsaid)
            return unsaid;
        var (document, problem) = await RequestBody.ReadJsonAsync(context.Request);
        using var body = document;
        if (problem is not null)
            return problem;
        if (PublicationReader.Read(body!.RootElement, out var publication) is { } refusal)
            return refusal;
        var draft = new VersionDraft(publication!.Configuration, context.User.Identity!.Name!, publication.Reason);
        var outcome = await acts.PublishAsync(draft, mayFollow, cancellation);
        return outcome.ToResult(version => Created(context, current, version));
    }

    private static async Task<IResult> RollBackAsync(
        HttpContext context,
        string number,
        string? reason,
        VersionActs acts,
        CurrentVersion current,
        CancellationToken cancellation
    )
    {
        if (!WholeNumber.TryRead(number, out var wanted))
            return NotANumber();
        if (IfMatch.Require(context.Request, out var mayFollow) is { } unsaid)
            return unsaid;
        if (ReasonText.Read(reason) is not { } why)
            return ReasonText.Missing();
        var actor = context.User.Identity!.Name!;
        var outcome = await acts.RollBackAsync(wanted, actor, why, mayFollow, cancellation);
        return outcome.ToResult(version => Created(context, current, version));
    }

    internal static IResult NotANumber() =>
        ErrorCatalogue.InvalidRequest.ToProblem("A version's number is a whole number from 1.");

    internal static IResult Unknown(int number) =>
        ErrorCatalogue.UnknownVersion.ToProblem($"There is no version {number}.");
}
