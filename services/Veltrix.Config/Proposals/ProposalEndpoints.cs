using System.Globalization;
using Microsoft.AspNetCore.Mvc;
using Veltrix.Config.Acts;
using Veltrix.Config.Store;
using Veltrix.Config.Versions;
using Veltrix.Configuration;
using Veltrix.Configuration.Differences;
using Veltrix.Configuration.History;
using Veltrix.Events;
using Veltrix.ServiceDefaults.Problems;
using Veltrix.ServiceDefaults.Security;

namespace Veltrix.Config.Proposals;

internal static class ProposalEndpoints
{
    private const int MaximumBytes = 1024 * 1024;

    public static void MapProposals(this IEndpointRouteBuilder app)
    {
        var group = app.MapGroup("/configuration/proposals")
            .AddEndpointFilter(Problems.AnswerStoreFailure)
            .WithTags("Proposals")
            .ProducesProblem(StatusCodes.Status400BadRequest)
            .ProducesProblem(StatusCodes.Status503ServiceUnavailable)
            .RequireAuthorization(Roles.Operator);
        group
            .MapPost("", ProposeAsync)
            .WithSummary(
                "Proposes a document, or a merge patch to the current version, for `reason`. If-Match names the version it was made from."
            )
            .Accepts<PlatformConfiguration>(
                "application/json",
                MergePatch.MediaType,
                ConfigurationYaml.MediaType,
                ConfigurationYaml.EarlierMediaType
            )
            .Produces<Proposal>(StatusCodes.Status201Created)
            .ProducesProblem(StatusCodes.Status409Conflict)
            .ProducesProblem(StatusCodes.Status412PreconditionFailed)
            .ProducesProblem(StatusCodes.Status413PayloadTooLarge)
            .ProducesProblem(StatusCodes.Status415UnsupportedMediaType)
            .ProducesProblem(StatusCodes.Status422UnprocessableEntity)
            .WithMetadata(new RequestSizeLimitAttribute(MaximumBytes));
        group
            .MapGet("", ListAsync)
            .WithSummary("Proposals without their documents, newest first, those below `before`.")
            .Produces<IReadOnlyList<Proposal>>();
        group
            .MapGet("/{number}", SingleAsync)
            .WithSummary("One proposal with its document.")
            .Produces<ProposalDocument>()
            .ProducesProblem(StatusCodes.Status404NotFound);
        group
            .MapGet("/{number}/diff", DifferencesAsync)
            .WithSummary("What the proposal changes in the version that it was made from.")
            .Produces<ConfigurationDifferences>()
            .ProducesProblem(StatusCodes.Status404NotFound);
        group
            .MapGet("/{number}/diagnosis", DiagnosisAsync)
            .WithSummary(
                "What validating would say now, of the document and of the brokers as they are; no act, so not audited."
            )
            .Produces<ProposalVerdict>()
            .ProducesProblem(StatusCodes.Status404NotFound);
        group
            .MapPost("/{number}/validate", ValidateAsync)
            .WithSummary("Checks the proposal's document and says everything that is wrong with it.")
            .Produces<ProposalVerdict>()
            .ProducesProblem(StatusCodes.Status404NotFound)
            .ProducesProblem(StatusCodes.Status409Conflict);
        group
            .MapPost("/{number}/approve", ApproveAsync)
            .WithSummary("Approves the proposal; where four eyes are required, another key than its author's has to.")
            .Produces<Proposal>()
            .ProducesProblem(StatusCodes.Status403Forbidden)
            .ProducesProblem(StatusCodes.Status404NotFound)
            .ProducesProblem(StatusCodes.Status409Conflict)
            .ProducesProblem(StatusCodes.Status422UnprocessableEntity);
        group
            .MapPost("/{number}/publish", PublishAsync)
            .WithSummary("Publishes the proposal, if the version that it was made from is still the current one.")
            .Produces<ConfigurationVersion>(StatusCodes.Status201Created)
            .ProducesProblem(StatusCodes.Status404NotFound)
            .ProducesProblem(StatusCodes.Status409Conflict)
            .ProducesProblem(StatusCodes.Status412PreconditionFailed)
            .ProducesProblem(StatusCodes.Status422UnprocessableEntity);
        group
            .MapPost("/{number}/withdraw", WithdrawAsync)
            .WithSummary("Ends the proposal without a version, for `reason`.")
            .Produces<Proposal>()
            .ProducesProblem(StatusCodes.Status404NotFound)
            .ProducesProblem(StatusCodes.Status409Conflict)
            .ProducesProblem(StatusCodes.Status422UnprocessableEntity);
    }

    private static async Task<IResult> ProposeAsync(
        HttpContext context,
        string? reason,
        ProposalActs acts,
        CancellationToken cancellation
    )
    {
        if (!IfMatch.TryParse(context.Request.Headers.IfMatch, out var mayFollow))
            return IfMatch.Unreadable();
        if (ReasonText.Read(reason) is not { } why)
            return ReasonText.Missing();
        var (draft, problem) = await DraftBody.ReadAsync(context.Request);
        if (problem is not null)
            return problem;
        var outcome = await acts.ProposeAsync(draft!, Actor(context), why, mayFollow, cancellation);
        return outcome.ToResult(proposal =>
            TypedResults.Created(
                string.Create(CultureInfo.InvariantCulture, $"/configuration/proposals/{proposal.Number}"),
                proposal
            )
        );
    }

    private static async Task<IResult> ListAsync(
        string? before,
        string? limit,
        ProposalStore store,
        CancellationToken cancellation
    ) =>
        Page.Read(before, limit, out var page)
        ?? (IResult)TypedResults.Ok(await store.ListAsync(page.Before, page.Limit, cancellation));

    private static async Task<IResult> SingleAsync(string number, ProposalStore store, CancellationToken cancellation)
    {
        if (!WholeNumber.TryRead(number, out var wanted))
            return NotANumber();
        return await store.FindAsync(wanted, cancellation) is { } row
            ? TypedResults.Ok(new ProposalDocument(row.ToProposal(), row.ToConfiguration()))
            : Unknown(wanted);
    }

    private static async Task<IResult> DifferencesAsync(
        string number,
        ProposalStore store,
        VersionStore versions,
        CancellationToken cancellation
    )
    {
        if (!WholeNumber.TryRead(number, out var wanted))
            return NotANumber();
        if (await store.FindAsync(wanted, cancellation) is not { } row)
            return Unknown(wanted);
        if (await versions.FindAsync(row.Base, cancellation) is not { } before)
            return ErrorCatalogue.UnknownVersion.ToProblem($"There is no version {row.Base}.");
        var proposed = row.ToConfiguration();
        return TypedResults.Ok(
            new ConfigurationDifferences(
                row.Base,
                To: null,
                wanted,
                SemanticDifference.Between(before.Configuration, proposed),
                ConfigurationEffect.Between(before.Configuration, proposed)
            )
        );
    }

    private static async Task<IResult> DiagnosisAsync(
        string number,
        ProposalStore store,
        CurrentVersion current,
        ProposalCheck check,
        CancellationToken cancellation
    )
    {
        if (!WholeNumber.TryRead(number, out var wanted))
            return NotANumber();
        return await store.FindAsync(wanted, cancellation) is { } row
            ? TypedResults.Ok(check.Check(row.ToConfiguration(), current.Value?.Configuration))
            : Unknown(wanted);
    }

    private static async Task<IResult> ValidateAsync(
        HttpContext context,
        string number,
        ProposalActs acts,
        CancellationToken cancellation
    ) =>
        WholeNumber.TryRead(number, out var wanted)
            ? (await acts.ValidateAsync(wanted, Actor(context), cancellation)).ToResult(TypedResults.Ok)
            : NotANumber();

    private static async Task<IResult> ApproveAsync(
        HttpContext context,
        string number,
        string? reason,
        ProposalActs acts,
        CancellationToken cancellation
    )
    {
        if (!WholeNumber.TryRead(number, out var wanted))
            return NotANumber();
        if (reason is not null && ReasonText.Read(reason) is null)
            return ReasonText.Missing();
        var outcome = await acts.ApproveAsync(wanted, Actor(context), ReasonText.Read(reason), cancellation);
        return outcome.ToResult(TypedResults.Ok);
    }

    private static async Task<IResult> PublishAsync(
        HttpContext context,
        string number,
        string? reason,
        ProposalActs acts,
        CurrentVersion current,
        CancellationToken cancellation
    )
    {
        if (!WholeNumber.TryRead(number, out var wanted))
            return NotANumber();
        if (reason is not null && ReasonText.Read(reason) is null)
            return ReasonText.Missing();
        var outcome = await acts.PublishAsync(wanted, Actor(context), ReasonText.Read(reason), cancellation);
        return outcome.ToResult(version => VersionEndpoints.Created(context, current, version));
    }

    private static async Task<IResult> WithdrawAsync(
        HttpContext context,
        string number,
        string? reason,
        ProposalActs acts,
        CancellationToken cancellation
    )
    {
        if (!WholeNumber.TryRead(number, out var wanted))
            return NotANumber();
        if (ReasonText.Read(reason) is not { } why)
            return ReasonText.Missing();
        return (await acts.WithdrawAsync(wanted, Actor(context), why, cancellation)).ToResult(TypedResults.Ok);
    }

    private static string Actor(HttpContext context) => context.User.Identity!.Name!;

    private static IResult NotANumber() =>
        ErrorCatalogue.InvalidRequest.ToProblem("A proposal's number is a whole number from 1.");

    private static IResult Unknown(int number) =>
        ErrorCatalogue.UnknownProposal.ToProblem($"There is no proposal {number}.");
}
