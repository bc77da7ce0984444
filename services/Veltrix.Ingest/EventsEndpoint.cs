using Microsoft.AspNetCore.Http.Features;
using Microsoft.Extensions.ObjectPool;
using Microsoft.Net.Http.Headers;
using Veltrix.Configuration;
using Veltrix.Events;
using Veltrix.Ingest.Admission;
using Veltrix.Ingest.Kafka;
using Veltrix.Ingest.Routing;
using Veltrix.ServiceDefaults.Problems;
using Veltrix.ServiceDefaults.Security;

namespace Veltrix.Ingest;

/// <summary><c>POST /events</c>: takes CloudEvents and answers when Kafka has acknowledged each of them, never before.</summary>
internal sealed class EventsEndpoint(
    Routes routes,
    InFlightBudget budget,
    DrainDeadline drain,
    TopicKeeper topics,
    Producers producers,
    IngestMetrics metrics,
    TimeProvider clock
)
{
    private readonly ObjectPool<CloudEventReader> _readers = new DefaultObjectPool<CloudEventReader>(
        new DefaultPooledObjectPolicy<CloudEventReader>()
    );

    public static void Map(WebApplication app)
    {
        var endpoint = app.Services.GetRequiredService<EventsEndpoint>();
        app.MapPost("/events", endpoint.HandleAsync).RequireAuthorization(Roles.Ingest);
    }

    private async Task HandleAsync(HttpContext context)
    {
        var started = clock.GetTimestamp();
        if (routes.Current is not { } table)
        {
            await RefuseAsync(context, new(ErrorCatalogue.NotReady, "No configuration has arrived yet."), started);
            return;
        }
        var format = EventFormats.Of(context.Request);
        if (format == EventFormat.Unsupported)
        {
            context.Response.Headers.Accept = EventFormats.Accepted;
            var detail =
                $"The content type is '{context.Request.ContentType}'; accepted are {EventFormats.Accepted}, in UTF-8 and without content coding.";
            await RefuseAsync(context, new(ErrorCatalogue.UnsupportedContentType, detail), started);
            return;
        }

        var limits = table.Version.Configuration.Ingest;
        BoundServer(context, limits);
        using var body = new RequestBody(budget, limits);
        if (await ReadAsync(context, body) is { } unreadable)
        {
            await RefuseAsync(context, unreadable, started);
            return;
        }

        var reader = _readers.Get();
        try
        {
            var malformed =
                format == EventFormat.Batch
                    ? reader.ReadBatch(body.Bytes, limits.MaximumBatchEvents)
                    : reader.ReadEvent(body.Bytes);
            if (malformed is { } fault)
            {
                await RefuseAsync(context, fault, started);
                return;
            }
            var delivery = new Delivery(reader.Count, producers.Take(), topics);
            Send(reader, table, delivery);
            // Not bound to the client's connection: the records are on their way, and what they occupy is only free
            // when they have arrived. The delivery timeout bounds it, and earlier the end of the process.
            var delivered = delivery.CompleteAsync();
            await delivered.WaitAsync(drain.Passed).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            if (!delivered.IsCompleted)
            {
                await RefuseAsync(
                    context,
                    new(ErrorCatalogue.BrokerUnavailable, "The node is shutting down."),
                    started
                );
                return;
            }
            if (!IsTransient(EventResults.WorstStatus(delivery.Faults)))
                budget.Acknowledged(body.Bytes.Length);
            await AnswerAsync(context, format, reader, delivery, started);
        }
        finally
        {
            reader.Reset();
            _readers.Return(reader);
        }
    }

    /// <summary>
    /// The server stops reading, too: else it would take what was refused to its end, to keep the connection. It counts
    /// the framing of chunks, six bytes for the smallest chunk of one, so a body without length gets room for that.
    /// </summary>
    private static void BoundServer(HttpContext context, IngestConfiguration limits)
    {
        const long WorstFraming = 6;
        if (context.Features.Get<IHttpMaxRequestBodySizeFeature>() is { IsReadOnly: false } size)
            size.MaxRequestBodySize =
                limits.MaximumBodyBytes * (context.Request.ContentLength is null ? WorstFraming : 1);
    }

    /// <summary>Bad requests of the transport become results like all others.</summary>
    private static async Task<EventFault?> ReadAsync(HttpContext context, RequestBody body)
    {
        try
        {
            return await body.ReadAsync(context.Request, context.RequestAborted);
        }
        catch (BadHttpRequestException error)
        {
            return error.StatusCode switch
            {
                StatusCodes.Status413PayloadTooLarge => new(ErrorCatalogue.BodyTooLarge, error.Message),
                StatusCodes.Status408RequestTimeout => new(ErrorCatalogue.BodyTooSlow, error.Message),
                _ => new(ErrorCatalogue.IncompleteBody, error.Message),
            };
        }
        catch (Exception error) when (error is IOException or OperationCanceledException)
        {
            return new(ErrorCatalogue.IncompleteBody, "The client went away.");
        }
    }

    /// <summary>Hands every valid event to the producer, in the order of the request.</summary>
    private void Send(CloudEventReader reader, RouteTable table, Delivery delivery)
    {
        var records = new RecordBuilder(clock.GetUtcNow());
        EventFault? stopped = null;
        for (var index = 0; index < reader.Count; index++)
        {
            var item = reader[index];
            if (item.Fault is { } fault)
                delivery.Refuse(index, fault);
            else if (table.Find(item.Type) is not { } route)
                delivery.Refuse(
                    index,
                    new(ErrorCatalogue.UnknownEventType, $"No event type matches '{Text(item.Type)}'.")
                );
            else if (!topics.IsReady(route.Topic))
                delivery.Refuse(
                    index,
                    new(ErrorCatalogue.BrokerUnavailable, $"The topic '{route.Topic}' has not been created yet.")
                );
            else if (stopped is { } reason)
                delivery.Refuse(index, reason);
            else
            {
                var record = records.Build(item, route, out var bytes);
                if (bytes > route.MaximumBytes)
                    delivery.Refuse(
                        index,
                        new(
                            ErrorCatalogue.EventTooLarge,
                            $"The record has {bytes} bytes; at most {route.MaximumBytes} are taken."
                        )
                    );
                else if (!delivery.Send(index, route.Topic, record))
                    stopped = Following(delivery.Faults[index]);
            }
        }
    }

    /// <summary>
    /// A full queue or a broken producer ends the request's sending: a later event must not overtake an earlier one of
    /// its key that the client will send again.
    /// </summary>
    private static EventFault? Following(EventFault? fault) =>
        fault?.Error == ErrorCatalogue.EventTooLarge ? null : fault;

    private async Task AnswerAsync(
        HttpContext context,
        EventFormat format,
        CloudEventReader reader,
        Delivery delivery,
        long started
    )
    {
        if (format == EventFormat.Structured && delivery.Faults[0] is { } fault)
        {
            await RefuseAsync(context, fault, started);
            return;
        }
        var status = EventResults.WorstStatus(delivery.Faults);
        context.Response.StatusCode = status;
        if (IsTransient(status))
            context.Response.Headers[HeaderNames.RetryAfter] = budget.RetryAfterSeconds().ToString();
        EventResults.Write(context.Response, reader, delivery.Faults);
        metrics.Settled(delivery.Faults, clock.GetElapsedTime(started));
        await context.Response.BodyWriter.FlushAsync(CancellationToken.None);
    }

    private async Task RefuseAsync(HttpContext context, EventFault fault, long started)
    {
        metrics.Refused(fault, clock.GetElapsedTime(started));
        TimeSpan? retryAfter = IsTransient(fault.Error.Status)
            ? TimeSpan.FromSeconds(budget.RetryAfterSeconds())
            : null;
        await fault.Error.ToProblem(fault.Detail, retryAfter: retryAfter).ExecuteAsync(context);
    }

    private static bool IsTransient(int status) =>
        status is StatusCodes.Status429TooManyRequests or StatusCodes.Status503ServiceUnavailable;

    private static string Text(ReadOnlySpan<byte> utf8) => System.Text.Encoding.UTF8.GetString(utf8);
}
