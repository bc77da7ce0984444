using System.Text.Json;
using Veltrix.Cli.Ingest;
using Veltrix.Cli.Output;
using Veltrix.Events;

namespace Veltrix.Cli.Send;

/// <summary>Sends lines in their order: one request at a time, so that events of one key cannot overtake each other.</summary>
internal sealed class SendRun(
    IngestClient ingest,
    int batchEvents,
    TimeSpan retryTimeout,
    IProgressDisplay progress,
    TimeProvider time
)
{
    public const int MaximumLineBytes = 16 * 1024 * 1024;
    private const int MaximumBatchBytes = 1024 * 1024;
    private const int PayloadTooLarge = 413;

    private readonly List<NdjsonLine> _batch = [];
    private readonly List<LineError> _errors = [];
    private int _batchBytes;
    private long _events;
    private long _accepted;
    private long _duplicates;
    private long _failed;

    public async Task<SendSummary> ExecuteAsync(Stream input, long? inputBytes, CancellationToken cancellation)
    {
        await foreach (var line in NdjsonReader.ReadAsync(input, MaximumLineBytes, cancellation))
        {
            _events++;
            if (WhyNotSent(line) is { } refusal)
            {
                // What stands before it in the input is told before it, too.
                await FlushAsync(cancellation);
                Fail(line.Number, refusal.Code, refusal.Detail);
                continue;
            }
            if (_batch.Count == batchEvents || _batchBytes + line.Json.Length > MaximumBatchBytes)
                await FlushAsync(cancellation);
            _batch.Add(line);
            _batchBytes += line.Json.Length;
            progress.Report("Sent", inputBytes is null ? 0 : line.ReadBytes, inputBytes ?? 0);
        }
        await FlushAsync(cancellation);
        return new SendSummary(_events, _accepted, _duplicates, _failed, _errors);
    }

    private static (string Code, string Detail)? WhyNotSent(NdjsonLine line)
    {
        if (line.IsTooLong)
            return (ErrorCatalogue.UnreadableInput.Code, $"The line is longer than {MaximumLineBytes} bytes.");
        try
        {
            using var document = JsonDocument.Parse(line.Json);
            return document.RootElement.ValueKind == JsonValueKind.Object
                ? null
                : (ErrorCatalogue.UnreadableInput.Code, "The line is JSON, but not an object.");
        }
        catch (JsonException exception)
        {
            return (ErrorCatalogue.UnreadableInput.Code, exception.Message);
        }
    }

    private async Task FlushAsync(CancellationToken cancellation)
    {
        if (_batch.Count == 0)
            return;
        NdjsonLine[] lines = [.. _batch];
        _batch.Clear();
        _batchBytes = 0;
        await SendAsync(lines, cancellation);
    }

    private async Task SendAsync(NdjsonLine[] lines, CancellationToken cancellation)
    {
        var body = BodyOf(lines);
        var answer = await ingest.TrySendAsync(body, lines.Length, isBatch: true, cancellation);
        if (answer is { Status: PayloadTooLarge, HasResults: false } && lines.Length > 1)
        {
            // Only ingest knows its limits of bytes and events: smaller batches may pass, and the line that does not shows.
            await SendAsync(lines[..(lines.Length / 2)], cancellation);
            await SendAsync(lines[(lines.Length / 2)..], cancellation);
            return;
        }
        var outcomes = answer.Outcomes;
        if (outcomes.Any(outcome => outcome.MayRetry))
        {
            var deadline = time.GetTimestamp() + (long)(retryTimeout.TotalSeconds * time.TimestampFrequency);
            outcomes = await ingest.DeliverAsync(body, lines.Length, isBatch: true, deadline, null, cancellation);
        }
        for (var index = 0; index < lines.Length; index++)
            Count(lines[index].Number, outcomes[index]);
    }

    private void Count(long line, EventOutcome outcome)
    {
        if (outcome.Status == OutcomeStatus.Accepted)
            _accepted++;
        else if (outcome.Status == OutcomeStatus.Duplicate)
            _duplicates++;
        else
            Fail(line, outcome.Code ?? ErrorCatalogue.ServiceUnreachable.Code, outcome.Detail);
    }

    private void Fail(long line, string code, string? detail)
    {
        _failed++;
        if (_errors.Count < SendSummary.MaximumErrors)
            _errors.Add(new(line, code, detail));
    }

    private static byte[] BodyOf(NdjsonLine[] lines)
    {
        using var body = new MemoryStream(lines.Sum(line => line.Json.Length + 1) + 1);
        body.WriteByte((byte)'[');
        for (var index = 0; index < lines.Length; index++)
        {
            if (index > 0)
                body.WriteByte((byte)',');
            body.Write(lines[index].Json);
        }
        body.WriteByte((byte)']');
        return body.ToArray();
    }
}
