using System.Text;
using System.Text.Json;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Mvc;
using Veltrix.Configuration;
using Veltrix.Events;
using Veltrix.ServiceDefaults.Problems;
using Veltrix.ServiceDefaults.Security;

namespace Veltrix.Config.Nodes;

internal static class NodeEndpoints
{
    private const int MaximumReportBytes = 16 * 1024;
    private const int DefaultReports = 60;
    private const int DefaultMinutes = 60;
    private const int MaximumMinutes = 24 * 60;

    public static void MapNodes(this IEndpointRouteBuilder app)
    {
        var nodes = app.MapGroup("/nodes").WithTags("Nodes");
        nodes
            .MapGet("", (NodeRegistry registry) => TypedResults.Ok(registry.Nodes()))
            .WithSummary("The last report of each node that reported within 30 seconds, to any replica.")
            .RequireAuthorization(Roles.Operator);
        nodes
            .MapPost("/report", ReportAsync)
            .WithSummary("A node reports; every second.")
            .Accepts<NodeReport>("application/json")
            .Produces(StatusCodes.Status204NoContent)
            .ProducesProblem(StatusCodes.Status400BadRequest)
            .ProducesProblem(StatusCodes.Status413PayloadTooLarge)
            .WithMetadata(new RequestSizeLimitAttribute(MaximumReportBytes))
            .RequireAuthorization(Roles.Node);
        MapFleet(app.MapGroup("/fleet").WithTags("Nodes").RequireAuthorization(Roles.Operator));
    }

    private static void MapFleet(RouteGroupBuilder fleet)
    {
        fleet
            .MapGet("", (NodeRegistry registry) => TypedResults.Ok(registry.Fleet()))
            .WithSummary(
                "Each node that reported within ten minutes, to any replica: current, lagging, drifted, refusing or silent, and since when."
            );
        fleet
            .MapGet("/{node}", Single)
            .WithSummary("One node: how it stands, since when, and its last report.")
            .Produces<FleetNode>()
            .ProducesProblem(StatusCodes.Status404NotFound);
        fleet
            .MapGet("/{node}/reports", Reports)
            .WithSummary("The node's last reports, newest first, those before `before`; from memory.")
            .Produces<IReadOnlyList<ReceivedReport>>()
            .ProducesProblem(StatusCodes.Status400BadRequest)
            .ProducesProblem(StatusCodes.Status404NotFound);
        fleet
            .MapGet("/{node}/history", HistoryAsync)
            .AddEndpointFilter(Problems.AnswerStoreFailure)
            .WithSummary("The node's minutes from `from` to before `to`, newest first; none for a node that never was.")
            .Produces<IReadOnlyList<NodeMinute>>()
            .ProducesProblem(StatusCodes.Status400BadRequest)
            .ProducesProblem(StatusCodes.Status503ServiceUnavailable);
    }

    private static async Task<IResult> ReportAsync(HttpContext context, NodeRegistry registry)
    {
        var (report, json, problem) = await ReportReader.ReadAsync(context.Request);
        if (report is null)
            return problem!;
        registry.Report(report, json);
        return TypedResults.NoContent();
    }

    private static IResult Single(string node, NodeRegistry registry) =>
        registry.Find(node) is { } known ? TypedResults.Ok(known) : Unknown(node);

    private static IResult Reports(string node, string? before, string? limit, NodeRegistry registry)
    {
        if (!TryReadTime(before, DateTimeOffset.MaxValue, out var end))
            return NoTime("before");
        if (!WholeNumber.TryRead(limit, DefaultReports, ReportRing.MaximumReports, out var most))
            return NoLimit(ReportRing.MaximumReports);
        if (registry.Reports(node, end, most) is not { } reports)
            return Unknown(node);
        return TypedResults.Stream(stream => WriteAsync(stream, reports), "application/json");
    }

    private static async Task<IResult> HistoryAsync(
        string node,
        string? from,
        string? to,
        string? limit,
        MinuteStore store,
        CancellationToken cancellation
    )
    {
        if (!TryReadTime(from, DateTimeOffset.MinValue, out var start))
            return NoTime("from");
        if (!TryReadTime(to, DateTimeOffset.MaxValue, out var end))
            return NoTime("to");
        if (!WholeNumber.TryRead(limit, DefaultMinutes, MaximumMinutes, out var most))
            return NoLimit(MaximumMinutes);
        var minutes = await store.ReadAsync(node, start, end, most, cancellation);
        return TypedResults.Text($"[{string.Join(',', minutes)}]", "application/json", Encoding.UTF8);
    }

    private static async Task WriteAsync(Stream stream, IReadOnlyList<KeptReport> reports)
    {
        await using var json = new Utf8JsonWriter(stream);
        json.WriteStartArray();
        foreach (var report in reports)
        {
            report.Write(json);
            await json.FlushAsync();
        }
        json.WriteEndArray();
    }

    private static bool TryReadTime(string? text, DateTimeOffset whenAbsent, out DateTimeOffset time)
    {
        time = whenAbsent;
        return text is null || Rfc3339.TryParse(Encoding.UTF8.GetBytes(text), out time);
    }

    private static ProblemHttpResult NoTime(string name) =>
        ErrorCatalogue.InvalidRequest.ToProblem(
            $"{name} must be a time of RFC 3339, for instance 2026-11-21T12:00:00Z."
        );

    private static ProblemHttpResult NoLimit(int maximum) =>
        ErrorCatalogue.InvalidRequest.ToProblem($"limit must be a whole number from 1 to {maximum}.");

    private static ProblemHttpResult Unknown(string node) =>
        ErrorCatalogue.UnknownNode.ToProblem($"No node {node} has reported within ten minutes.");
}
