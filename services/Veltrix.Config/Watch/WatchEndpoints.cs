using System.Globalization;
using System.Text;
using System.Text.Json;
using Microsoft.Extensions.Options;
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
    public static void MapWatch(this IEndpointRouteBuilder app) =>
        app.MapGet("/configuration/watch", WatchAsync)
            .WithTags("Configuration")
            .WithSummary(
                "Server-sent events: the version meant for `node`, or for everybody, if it is newer than `from`, then each newer one."
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
        WatcherLimit watchers,
        IOptions<WatchOptions> options,
        IHostApplicationLifetime lifetime,
        TimeProvider time
    )
    {
        // A client that reconnects by itself repeats its first address: what it has seen since stands in the header.
        var start = context.Request.Headers["Last-Event-ID"] is [{ Length: > 0 } last] ? last : from ?? "0";
        if (!int.TryParse(start, NumberStyles.None, CultureInfo.InvariantCulture, out var number))
            return ErrorCatalogue.InvalidRequest.ToProblem("from and Last-Event-ID must be the number of a version.");
        if (current.Value is null || lifetime.ApplicationStopping.IsCancellationRequested)
            return Problems.NotReady(context);
        if (!watchers.TryEnter())
            return Problems.TooManyWatchers(context, options.Value.MaximumWatchers);
        // Without this a watcher would hold up the service's shutdown until the host loses patience.
        using var ended = CancellationTokenSource.CreateLinkedTokenSource(
            context.RequestAborted,
            lifetime.ApplicationStopping
        );
        try
        {
            await SendAsync(context.Response, number, node, current, options.Value.Heartbeat, time, ended.Token);
        }
        catch (OperationCanceledException) when (ended.IsCancellationRequested) { }
        finally
        {
            watchers.Leave();
        }
        return TypedResults.Empty;
    }

    private static async Task SendAsync(
        HttpResponse response,
        int number,
        string? node,
        CurrentVersion current,
        TimeSpan heartbeat,
        TimeProvider time,
        CancellationToken cancellation
    )
    {
        response.ContentType = "text/event-stream";
        response.Headers.CacheControl = "no-store";
        await response.Body.FlushAsync(cancellation);
        while (true)
        {
            try
            {
                var version = await current
                    .WaitBeyondAsync(number, node, cancellation)
                    .WaitAsync(heartbeat, time, cancellation);
                await response.Body.WriteAsync(Event(version), cancellation);
                number = version.Number;
            }
            catch (TimeoutException)
            {
                await response.Body.WriteAsync(": heartbeat\n\n"u8.ToArray(), cancellation);
            }
            await response.Body.FlushAsync(cancellation);
        }
    }

    private static byte[] Event(ConfigurationVersion version) =>
        Encoding.UTF8.GetBytes(
            string.Create(
                CultureInfo.InvariantCulture,
                $"id: {version.Number}\nevent: version\ndata: {JsonSerializer.Serialize(version, ConfigurationJson.Default.ConfigurationVersion)}\n\n"
            )
        );
}
