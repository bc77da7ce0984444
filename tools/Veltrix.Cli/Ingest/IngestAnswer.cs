namespace Veltrix.Cli.Ingest;

/// <summary>The answer to one request.</summary>
/// <param name="Status">HTTP status; 0 when there was no answer at all.</param>
/// <param name="Outcomes">One for each event, in request order.</param>
/// <param name="HasResults">Whether ingest answered for each event; else the outcomes repeat what it said of the request.</param>
/// <param name="RetryAfter">When ingest wants to be asked again, if it says so.</param>
internal sealed record IngestAnswer(int Status, EventOutcome[] Outcomes, bool HasResults, TimeSpan? RetryAfter);
