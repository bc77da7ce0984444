using Veltrix.Config.Acts;
using Veltrix.Configuration;
using Veltrix.Configuration.History;
using Veltrix.Events;
using Veltrix.ServiceDefaults.Problems;
using Veltrix.ServiceDefaults.Security;

namespace Veltrix.Config.Policies;

internal static class PolicyEndpoints
{
    // Longer than any path of a document that is valid.
    private const int MaximumPathCharacters = 2_000;

    public static void MapPolicy(this IEndpointRouteBuilder app)
    {
        var group = app.MapGroup("/configuration")
            .AddEndpointFilter(Problems.AnswerStoreFailure)
            .WithTags("Policy")
            .ProducesProblem(StatusCodes.Status503ServiceUnavailable)
            .RequireAuthorization(Roles.Operator);
        group
            .MapGet("/policy", ReadAsync)
            .WithSummary("What stands in the way of a publication: freeze, four eyes, pins.")
            .Produces<PublicationPolicy>();
        group
            .MapPost("/freeze", FreezeAsync)
            .WithSummary("Stops all publications, for `reason`.")
            .Produces<PublicationPolicy>()
            .ProducesProblem(StatusCodes.Status422UnprocessableEntity);
        group
            .MapPost("/unfreeze", UnfreezeAsync)
            .WithSummary("Allows publications again, for `reason`.")
            .Produces<PublicationPolicy>()
            .ProducesProblem(StatusCodes.Status422UnprocessableEntity);
        group
            .MapPost("/four-eyes", FourEyesAsync)
            .WithSummary(
                "Requires (`required=true`) that another key approves each version, for `reason`. To require it no longer, one key asks and another agrees by the same request."
            )
            .Produces<PublicationPolicy>()
            .ProducesProblem(StatusCodes.Status400BadRequest)
            .ProducesProblem(StatusCodes.Status403Forbidden)
            .ProducesProblem(StatusCodes.Status422UnprocessableEntity);
        group
            .MapPost("/pins", PinAsync)
            .WithSummary("Pins `path`, for `reason`: no publication may change what is there.")
            .Produces<Pin>()
            .ProducesProblem(StatusCodes.Status400BadRequest)
            .ProducesProblem(StatusCodes.Status422UnprocessableEntity);
        group
            .MapDelete("/pins", UnpinAsync)
            .WithSummary("Releases the pinned `path`, for `reason`.")
            .Produces<Pin>()
            .ProducesProblem(StatusCodes.Status404NotFound)
            .ProducesProblem(StatusCodes.Status422UnprocessableEntity);
    }

    private static async Task<IResult> ReadAsync(PolicyActs acts, CancellationToken cancellation) =>
        TypedResults.Ok(await acts.ReadAsync(cancellation));

    private static Task<IResult> FreezeAsync(
        HttpContext context,
        string? reason,
        PolicyActs acts,
        CancellationToken cancellation
    ) => ActAsync(context, reason, (actor, why) => acts.FreezeAsync(actor, why, cancellation));

    private static Task<IResult> UnfreezeAsync(
        HttpContext context,
        string? reason,
        PolicyActs acts,
        CancellationToken cancellation
    ) => ActAsync(context, reason, (actor, why) => acts.UnfreezeAsync(actor, why, cancellation));

    private static async Task<IResult> FourEyesAsync(
        HttpContext context,
        string? required,
        string? reason,
        PolicyActs acts,
        CancellationToken cancellation
    ) =>
        bool.TryParse(required, out var isRequired)
            ? await ActAsync(
                context,
                reason,
                (actor, why) => acts.SetFourEyesAsync(isRequired, actor, why, cancellation)
            )
            : ErrorCatalogue.InvalidRequest.ToProblem("required must be true or false.");

    private static Task<IResult> PinAsync(
        HttpContext context,
        string? path,
        string? reason,
        PolicyActs acts,
        CancellationToken cancellation
    ) => OnPathAsync(context, path, reason, (where, actor, why) => acts.PinAsync(where, actor, why, cancellation));

    private static Task<IResult> UnpinAsync(
        HttpContext context,
        string? path,
        string? reason,
        PolicyActs acts,
        CancellationToken cancellation
    ) => OnPathAsync(context, path, reason, (where, actor, why) => acts.UnpinAsync(where, actor, why, cancellation));

    private static async Task<IResult> OnPathAsync(
        HttpContext context,
        string? path,
        string? reason,
        Func<string, string, string, Task<Outcome<Pin>>> act
    ) =>
        path is not null && OneLine.Is(path, MaximumPathCharacters)
            ? await ActAsync(context, reason, (actor, why) => act(path, actor, why))
            : ErrorCatalogue.UnknownPath.ToProblem(
                $"A path has 1 to {MaximumPathCharacters} characters, none of them a control character."
            );

    private static async Task<IResult> ActAsync<T>(
        HttpContext context,
        string? reason,
        Func<string, string, Task<Outcome<T>>> act
    )
        where T : class =>
        ReasonText.Read(reason) is { } why
            ? (await act(context.User.Identity!.Name!, why)).ToResult(TypedResults.Ok)
            : ReasonText.Missing();
}
