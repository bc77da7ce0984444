using System.Net.Http.Headers;
using Veltrix.Cli.Platform;
using Veltrix.Events;

namespace Veltrix.Cli.Ingest;

/// <summary>Sends events to ingest, and again until it has answered for each of them.</summary>
internal sealed class IngestClient(HttpClient client, TimeProvider time) : IDisposable
{
    private static readonly TimeSpan RequestTimeout = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan FirstPause = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan LongestPause = TimeSpan.FromSeconds(5);
    private static readonly MediaTypeHeaderValue Single = new("application/cloudevents+json");
    private static readonly MediaTypeHeaderValue Batch = new("application/cloudevents-batch+json");

    private long _putOff;

    /// <summary>A client of the platform's ingest.</summary>
    /// <param name="platform">Where it is, and its key.</param>
    /// <param name="connections">How many at most.</param>
    public static IngestClient Of(PlatformConnection platform, int connections = 1) =>
        new(Http.Client(platform.Ingest, platform.IngestKey, connections, RequestTimeout), TimeProvider.System);

    /// <summary>Answers for one event that said to come again later: overload, not a failure on the way.</summary>
    public long PutOff => Volatile.Read(ref _putOff);

    /// <summary>
    /// Sends <paramref name="body"/> until every event is acknowledged or finally refused, or <paramref name="deadline"/>
    /// (a timestamp of the clock) has passed. The whole body is sent each time, with the same ids: that is always safe.
    /// </summary>
    /// <param name="body">One event, or a JSON array of them.</param>
    /// <param name="events">How many.</param>
    /// <param name="isBatch">Whether it is an array.</param>
    /// <param name="deadline">After it no new attempt begins.</param>
    /// <param name="acknowledged">Called with the index of an event the first time that it is acknowledged.</param>
    /// <param name="cancellation">Ends it at once.</param>
    /// <returns>The outcomes; acknowledged stays acknowledged, whatever a later attempt said.</returns>
    public async Task<EventOutcome[]> DeliverAsync(
        ReadOnlyMemory<byte> body,
        int events,
        bool isBatch,
        long deadline,
        Action<int>? acknowledged,
        CancellationToken cancellation
    )
    {
        var outcomes = new EventOutcome[events];
        var pause = FirstPause;
        while (true)
        {
            var answer = await TrySendAsync(body, events, isBatch, cancellation);
            for (var index = 0; index < events; index++)
            {
                if (outcomes[index].IsAcknowledged)
                    continue;
                outcomes[index] = answer.Outcomes[index];
                if (outcomes[index].IsAcknowledged)
                    acknowledged?.Invoke(index);
            }
            var wait = answer.RetryAfter is { } wanted && wanted < LongestPause ? wanted : pause;
            if (!outcomes.Any(outcome => outcome.MayRetry) || time.GetTimestamp() + Ticks(wait) > deadline)
                return outcomes;
            await Task.Delay(wait, time, cancellation);
            pause = pause * 2 < LongestPause ? pause * 2 : LongestPause;
        }
    }

    /// <summary>One attempt. A failure on the way is an answer, too: unavailable.</summary>
    /// <exception cref="CliException">The key is not known or not allowed.</exception>
    public async Task<IngestAnswer> TrySendAsync(
        ReadOnlyMemory<byte> body,
        int events,
        bool isBatch,
        CancellationToken cancellation
    )
    {
        try
        {
            using var content = new ReadOnlyMemoryContent(body);
            content.Headers.ContentType = isBatch ? Batch : Single;
            using var response = await client.PostAsync("/events", content, cancellation);
            var answer = await response.Content.ReadAsByteArrayAsync(cancellation);
            var status = (int)response.StatusCode;
            if (status is 401 or 403)
                throw Http.Refused(client.BaseAddress, status, answer);
            var (outcomes, hasResults) = IngestAnswerReader.Read(status, answer, events);
            Interlocked.Add(ref _putOff, outcomes.Count(outcome => outcome.MayRetry));
            return new(status, outcomes, hasResults, response.Headers.RetryAfter?.Delta);
        }
        catch (Exception exception) when (Http.IsTransport(exception, cancellation))
        {
            var outcomes = new EventOutcome[events];
            Array.Fill(
                outcomes,
                new(OutcomeStatus.Unavailable, ErrorCatalogue.ServiceUnreachable.Code, exception.Message)
            );
            return new(0, outcomes, HasResults: false, RetryAfter: null);
        }
    }

    public void Dispose() => client.Dispose();

    private long Ticks(TimeSpan span) => (long)(span.TotalSeconds * time.TimestampFrequency);
}
