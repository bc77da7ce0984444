using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Net.ServerSentEvents;
using Veltrix.Configuration;

namespace Veltrix.Cli.Watchers;

/// <summary>
/// A node as the configuration service sees one: it watches, checks each version as a node does, and reports. Its
/// connections are its own.
/// </summary>
internal sealed class SimulatedNode(
    string name,
    NodeRequests requests,
    VersionProof proof,
    PublicationLedger publications,
    ReportLedger reports,
    TimeProvider time
) : IDisposable
{
    private const string Service = "simulated";
    private static readonly TimeSpan ReportInterval = TimeSpan.FromSeconds(1);

    // What a node that handles 1,000 events in a second sends of them.
    private static readonly LatencyHistogram Usual = new(
        FirstBucket: 100,
        [.. Enumerable.Range(1, 24).Select(count => (long)count * 3)]
    );

    private readonly DateTimeOffset _startedAt = time.GetUtcNow();
    private readonly SemaphoreSlim _arrived = new(0);
    private readonly TaskCompletionSource _ready = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private volatile byte[]? _given;
    private volatile string? _foreignHash;
    private ConfigurationVersion? _version;
    private NodeConnection? _reporting;
    private int _acknowledged;

    public string Name => name;

    /// <summary>Ends when the first version has been applied; fails with the watch.</summary>
    public Task Ready => _ready.Task;

    /// <summary>Makes the node report that it runs something else under its version's number.</summary>
    public void Drift() => _foreignHash = new string('0', 64);

    /// <summary>Ends the drift; the next report says so.</summary>
    public void Recover() => _foreignHash = null;

    /// <summary>Watches until <paramref name="cancellation"/>.</summary>
    /// <exception cref="CliException">The service refused or ended the watch.</exception>
    public async Task WatchAsync(CancellationToken cancellation)
    {
        try
        {
            using var connection = await NodeConnection.OpenAsync(requests.Address, cancellation);
            var answer = await connection.SendAsync(requests.Watch(name), cancellation);
            if (!answer.IsSuccess || !answer.IsChunked)
                throw Http.Refused(requests.Address, answer.Status, await connection.BodyAsync(answer, cancellation));
            await using var body = new ChunkedBody(connection);
            // Only taken in here and applied by the node's own loop: what one node does next must not delay what the
            // others see, as it would not on machines of their own.
            await foreach (var item in SseParser.Create(body, (_, data) => data.ToArray()).EnumerateAsync(cancellation))
                if (string.Equals(item.EventType, "version", StringComparison.Ordinal))
                    Take(item);
            throw new IOException($"The configuration service ended the watch of {name}.");
        }
        catch (Exception exception)
        {
            _ready.TrySetException(exception);
            throw;
        }
    }

    /// <summary>
    /// Applies what the watch brings. With <paramref name="firstReport"/> it reports, too: every second from then on, and
    /// at once what it has applied.
    /// </summary>
    /// <exception cref="CliException">The node does not take a version.</exception>
    public async Task RunAsync(TimeSpan? firstReport, CancellationToken cancellation)
    {
        var due = time.GetUtcNow() + firstReport;
        while (true)
        {
            var wait = due - time.GetUtcNow() ?? Timeout.InfiniteTimeSpan;
            if (due is not null && wait < TimeSpan.Zero)
                wait = TimeSpan.Zero;
            if (await _arrived.WaitAsync(wait, cancellation))
            {
                // Behind what has come for other nodes, which have machines of their own.
                await Task.Yield();
                Apply();
            }
            else
                due += ReportInterval;
            if (due is not null)
                await SendAsync(cancellation);
        }
    }

    public void Dispose()
    {
        _reporting?.Dispose();
        _arrived.Dispose();
    }

    private void Take(SseItem<byte[]> item)
    {
        publications.See(int.Parse(item.EventId!, CultureInfo.InvariantCulture), time.GetTimestamp());
        _given = item.Data;
        _arrived.Release();
    }

    private void Apply()
    {
        _version = proof.Of(_given!);
        _ready.TrySetResult();
    }

    [SuppressMessage("Design", "CA1031", Justification = "Whatever fails is counted, and the first is told.")]
    private async Task SendAsync(CancellationToken cancellation)
    {
        if (_version is not { } version)
            return;
        var started = time.GetTimestamp();
        try
        {
            _reporting ??= await NodeConnection.OpenAsync(requests.Address, cancellation);
            var answer = await _reporting.SendAsync(requests.Report(Report(version)), cancellation);
            if (answer is not { Status: 204 })
                throw Http.Refused(requests.Address, answer.Status, await _reporting.BodyAsync(answer, cancellation));
        }
        catch (Exception exception) when (!cancellation.IsCancellationRequested)
        {
            reports.Fail(exception.Message);
            _reporting?.Dispose();
            _reporting = null;
            return;
        }
        reports.RoundTrips.Record((long)time.GetElapsedTime(started).TotalMicroseconds);
        if (_acknowledged == version.Number)
            return;
        _acknowledged = version.Number;
        publications.Acknowledge(version.Number);
    }

    private NodeReport Report(ConfigurationVersion version) =>
        new(
            name,
            Service,
            version.Number,
            _foreignHash ?? version.Hash,
            _startedAt,
            time.GetUtcNow(),
            CpuCores: 0.5,
            WorkingSetBytes: 100_000_000,
            EventsPerSecond: 1_000,
            ErrorsPerSecond: 0,
            LatencyP50Milliseconds: 5,
            LatencyP99Milliseconds: 20,
            Workers: null,
            FileDescriptors: 200,
            Latency: Usual,
            Queue: new QueueOccupancy(Bytes: 1_000_000, Fraction: 0.015)
        );
}
