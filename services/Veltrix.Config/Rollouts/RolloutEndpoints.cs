using Microsoft.AspNetCore.Mvc;
using Veltrix.Configuration;
using Veltrix.Configuration.Rollouts;
using Veltrix.Events;
using Veltrix.ServiceDefaults.Problems;
using Veltrix.ServiceDefaults.Security;

namespace Veltrix.Config.Rollouts;

internal static class RolloutEndpoints
{
    private const int MaximumBytes = 16 * 1024;

    public static void MapRollouts(this IEndpointRouteBuilder app)
    {
        var group = app.MapGroup("/rollouts")
            .AddEndpointFilter(Problems.AnswerStoreFailure)
            .WithTags("Rollouts")
            .ProducesProblem(StatusCodes.Status400BadRequest)
            .ProducesProblem(StatusCodes.Status503ServiceUnavailable)
            .RequireAuthorization(Roles.Operator);
        group
            .MapPost("", StartAsync)
            .WithSummary("Publishes a proposal in waves; each is compared with the nodes that do not have it yet.")
            .Accepts<RolloutRequest>("application/json")
            .Produces<Rollout>(StatusCodes.Status201Created)
            .ProducesProblem(StatusCodes.Status404NotFound)
            .ProducesProblem(StatusCodes.Status409Conflict)
            .ProducesProblem(StatusCodes.Status412PreconditionFailed)
            .ProducesProblem(StatusCodes.Status413PayloadTooLarge)
            .ProducesProblem(StatusCodes.Status422UnprocessableEntity)
            .WithMetadata(new RequestSizeLimitAttribute(MaximumBytes));
        group
            .MapGet("", ListAsync)
            .WithSummary("Rollouts, newest first, those below `before`.")
            .Produces<IReadOnlyList<Rollout>>();
        group
            .MapGet("/{number}", SingleAsync)
            .WithSummary("One rollout: its state, its nodes and its evidence.")
            .Produces<Rollout>()
            .ProducesProblem(StatusCodes.Status404NotFound);
        MapCommand(
            group,
            "pause",
            "Stops the rollout where it is.",
            (id, at, actor, reason) => new PauseRollout(id, at, actor, reason)
        );
        MapCommand(
            group,
            "resume",
            "Lets a paused rollout go on; the wave is looked at anew.",
            (id, at, actor, reason) => new ResumeRollout(id, at, actor, reason)
        );
        MapCommand(
            group,
            "abort",
            "Ends the rollout and takes its version back.",
            (id, at, actor, reason) => new AbortRollout(id, at, actor, reason)
        );
    }

    private static void MapCommand<T>(
        RouteGroupBuilder group,
        string name,
        string summary,
        Func<Guid, DateTimeOffset, string, string, T> message
    )
        where T : class =>
        group
            .MapPost(
                $"/{{number}}/{name}",
                async (
                    HttpContext context,
                    string number,
                    string? reason,
                    RolloutStore store,
                    RolloutCommands commands,
                    IRolloutClock clock,
                    CancellationToken cancellation
                ) =>
                {
                    if (ReasonText.Read(reason) is not { } why)
                        return ReasonText.Missing();
                    if (!WholeNumber.TryRead(number, out var wanted))
                        return NotANumber();
                    if (await store.FindAsync(wanted, cancellation) is not { } rollout)
                        return Unknown(wanted);
                    var sent = message(
                        rollout.CorrelationId,
                        await clock.NowAsync(cancellation),
                        context.User.Identity!.Name!,
                        why
                    );
                    return await commands.SendAsync(sent, cancellation) is { } refusal
                        ? refusal.ToProblem()
                        : (IResult)TypedResults.Ok((await store.FindAsync(wanted, cancellation))!.ToRollout());
                }
            )
            .WithSummary($"{summary} With a `reason`.")
            .Produces<Rollout>()
            .ProducesProblem(StatusCodes.Status404NotFound)
            .ProducesProblem(StatusCodes.Status409Conflict);

    private static async Task<IResult> StartAsync(
        HttpContext context,
        RolloutStore store,
        RolloutCommands commands,
        IRolloutClock clock,
        CancellationToken cancellation
    )
    {
        var (document, problem) = await RequestBody.ReadJsonAsync(context.Request);
        using var body = document;
        if (problem is not null)
            return problem;
        var errors = ConfigurationReader.Read(body!.RootElement, RolloutJson.Default.RolloutRequest, out var request);
        if (errors.Count > 0)
            return ErrorCatalogue.InvalidRequest.ToProblem(
                "The body does not describe a rollout.",
                new Dictionary<string, object?>(StringComparer.Ordinal) { ["errors"] = errors }
            );
        if (request!.Error() is { } error)
            return ErrorCatalogue.InvalidRequest.ToProblem(error);
        if (ReasonText.Read(request.Reason) is not { } reason)
            return ReasonText.Missing();
        var start = new StartRollout(
            Guid.CreateVersion7(),
            await clock.NowAsync(cancellation),
            context.User.Identity!.Name!,
            request with
            {
                Reason = reason,
            }
        );
        if (await commands.SendAsync(start, cancellation) is { } refusal)
            return refusal.ToProblem();
        var rollout = (await store.FindAsync(start.RolloutId, cancellation))!.ToRollout();
        return TypedResults.Created($"/rollouts/{rollout.Number}", rollout);
    }

    private static async Task<IResult> ListAsync(
        string? before,
        string? limit,
        RolloutStore store,
        CancellationToken cancellation
    ) =>
        Page.Read(before, limit, out var page)
        ?? (IResult)TypedResults.Ok(await store.ListAsync(page.Before, page.Limit, cancellation));

    private static async Task<IResult> SingleAsync(string number, RolloutStore store, CancellationToken cancellation)
    {
        if (!WholeNumber.TryRead(number, out var wanted))
            return NotANumber();
        return await store.FindAsync(wanted, cancellation) is { } rollout
            ? TypedResults.Ok(rollout.ToRollout())
            : Unknown(wanted);
    }

    private static IResult NotANumber() =>
        ErrorCatalogue.InvalidRequest.ToProblem("A rollout's number is a whole number from 1.");

    private static IResult Unknown(int number) =>
        ErrorCatalogue.UnknownRollout.ToProblem($"There is no rollout {number}.");
}
