using Microsoft.AspNetCore.Mvc;
using Veltrix.Configuration;
using Veltrix.Events;
using Veltrix.ServiceDefaults.Problems;
using Veltrix.ServiceDefaults.Security;

namespace Veltrix.Config.Nodes;

internal static class NodeEndpoints
{
    private const int MaximumReportBytes = 16 * 1024;
    private const int MaximumNameCharacters = 128;

    public static void MapNodes(this IEndpointRouteBuilder app)
    {
        var group = app.MapGroup("/nodes").WithTags("Nodes");
        group
            .MapGet("", (NodeRegistry registry) => TypedResults.Ok(registry.Nodes()))
            .WithSummary("The last report of each node that reported within 30 seconds.")
            .RequireAuthorization(Roles.Operator);
        app.MapGet("/fleet", (NodeRegistry registry) => TypedResults.Ok(registry.Fleet()))
            .WithTags("Nodes")
            .WithSummary(
                "Each node that reported within ten minutes: current, lagging, drifted, refusing or silent, and since when."
            )
            .RequireAuthorization(Roles.Operator);
        group
            .MapPost("/report", ReportAsync)
            .WithSummary("A node reports; only its last report is kept.")
            .Accepts<NodeReport>("application/json")
            .Produces(StatusCodes.Status204NoContent)
            .ProducesProblem(StatusCodes.Status400BadRequest)
            .ProducesProblem(StatusCodes.Status413PayloadTooLarge)
            .WithMetadata(new RequestSizeLimitAttribute(MaximumReportBytes))
            .RequireAuthorization(Roles.Node);
    }

    private static async Task<IResult> ReportAsync(HttpContext context, NodeRegistry registry)
    {
        var (document, problem) = await RequestBody.ReadJsonAsync(context.Request);
        using var body = document;
        if (problem is not null)
            return problem;
        var errors = ConfigurationReader.Read(body!.RootElement, ConfigurationJson.Default.NodeReport, out var report);
        if (errors.Count > 0)
            return ErrorCatalogue.InvalidRequest.ToProblem(
                "The body is not a node report.",
                new Dictionary<string, object?>(StringComparer.Ordinal) { ["errors"] = errors }
            );
        if (
            report!.Node.Length is 0 or > MaximumNameCharacters
            || report.Service.Length is 0 or > MaximumNameCharacters
        )
            return ErrorCatalogue.InvalidRequest.ToProblem(
                $"node and service must have 1 to {MaximumNameCharacters} characters."
            );
        registry.Report(report);
        return TypedResults.NoContent();
    }
}
