using System.Globalization;
using System.IO.Pipelines;
using Microsoft.AspNetCore.Server.Kestrel.Core.Features;
using Veltrix.Config.Versions;
using Veltrix.Configuration;
using Veltrix.Events;
using Veltrix.ServiceDefaults.Problems;
using Veltrix.ServiceDefaults.Security;

namespace Veltrix.Config.Watch;

/// <summary>
/// New versions as server-sent events (WHATWG HTML, section 9.2). Written by hand: the framework's results know no comment
/// lines, and a comment is the heartbeat that makes a dead line visible to both ends.
/// </summary>
internal static class WatchEndpoints
{
    private static readonly byte[] Heartbeat = ": heartbeat\n\n"u8.ToArray();

    public static void MapWatch(this IEndpointRouteBuilder app) =>
        app.MapGet("/configuration/watch", WatchAsync)
            .WithTags("Configuration")
            .WithSummary(
                "Server-sent events: the version meant for `node`, or for everybody, if it is newer than `from`, then each newer one. What a rollout tries on the node comes as `candidate`, and once more as `version` when it is everybody's."
            )
            .Produces<ConfigurationVersion>(contentType: "text/event-stream")
            .ProducesProblem(StatusCodes.Status400BadRequest)
            .ProducesProblem(StatusCodes.Status503ServiceUnavailable)
            .RequireAuthorization(Roles.Node);

    private static async Task<IResult> WatchAsync(
        HttpContext context,
        string? from,
        string? node,
        CurrentVersion current,
        Watchers watchers,
        IHostApplicationLifetime lifetime
    )
    {
        // A client that reconnects by itself repeats its first address: what it has seen since stands in the header.
        var start = context.Request.Headers["Last-Event-ID"] is [{ Length: > 0 } last] ? last : from ?? "0";
        if (!int.TryParse(start, NumberStyles.None, CultureInfo.InvariantCulture, out var number))
            return ErrorCatalogue.InvalidRequest.ToProblem("from and Last-Event-ID must be the number of a version.");
        if (current.Value is null || lifetime.ApplicationStopping.IsCancellationRequested)
            return Problems.NotReady();
        using var place = watchers.TryEnter();
        if (place is null)
            return Problems.TooManyWatchers(watchers.Maximum);
        await using var gone = context.RequestAborted.UnsafeRegister(
            static watcher => ((Watcher)watcher!).End(),
            place.Watcher
        );
        // Of itself it would wait for a peer that lives and does not read for as long as both live.
        if (context.Features.Get<IHttpMinResponseDataRateFeature>() is { } rate)
            rate.MinDataRate = watchers.Slowest;
        try
        {
            context.Response.ContentType = "text/event-stream";
            context.Response.Headers.CacheControl = "no-store";
            await SendAsync(
                context.Response.BodyWriter,
                place.Watcher,
                number,
                node,
                current,
                lifetime.ApplicationStopping
            );
        }
        catch (OperationCanceledException) when (lifetime.ApplicationStopping.IsCancellationRequested) { }
        return TypedResults.Empty;
    }

    /// <summary>Sends until the watcher ends. One that reads slowly waits in its own write, and misses what was replaced meanwhile.</summary>
    private static async Task SendAsync(
        PipeWriter body,
        Watcher watcher,
        int number,
        string? node,
        CurrentVersion current,
        CancellationToken stopping
    )
    {
        await body.FlushAsync(stopping);
        WakeReason? reason = WakeReason.Version;
        var isCandidate = false;
        while (reason is not null)
        {
            if (current.For(node) is { } meant && IsNews(meant))
            {
                await body.WriteAsync(VersionFrame.Of(meant), stopping);
                (number, isCandidate) = (meant.Version.Number, meant.IsCandidate);
            }
            else if (reason == WakeReason.Heartbeat)
            {
                await body.WriteAsync(Heartbeat, stopping);
            }
            reason = await watcher.NextAsync();
        }

        // What the node tries, it must be told of once more when it is everybody's.
        bool IsNews(MeantVersion meant) =>
            meant.Version.Number > number || (meant.Version.Number == number && isCandidate && !meant.IsCandidate);
    }
}
