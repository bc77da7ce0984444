using System.Diagnostics.CodeAnalysis;
using System.Net.Http.Json;
using System.Net.ServerSentEvents;
using System.Text.Json;
using Veltrix.Configuration;

namespace Veltrix.Cli.Watchers;

/// <summary>
/// A node as the configuration service sees one: it watches, checks each version as a node does, and reports. Its
/// connections are its own.
/// </summary>
internal sealed class SimulatedNode(
    string name,
    HttpClient client,
    PublicationLedger publications,
    ReportLedger reports,
    TimeProvider time
) : IDisposable
{
    private const string Service = "simulated";
    private static readonly TimeSpan ReportInterval = TimeSpan.FromSeconds(1);

    private readonly DateTimeOffset _startedAt = time.GetUtcNow();
    private readonly SemaphoreSlim _applied = new(0);
    private readonly TaskCompletionSource _ready = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private volatile ConfigurationVersion? _version;
    private volatile string? _foreignHash;
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
            using var request = new HttpRequestMessage(HttpMethod.Get, $"/configuration/watch?node={name}");
            request.Headers.Accept.ParseAdd("text/event-stream");
            using var response = await client.SendAsync(
                request,
                HttpCompletionOption.ResponseHeadersRead,
                cancellation
            );
            if (!response.IsSuccessStatusCode)
                throw Http.Refused(
                    client.BaseAddress,
                    (int)response.StatusCode,
                    await response.Content.ReadAsByteArrayAsync(cancellation)
                );
            await using var body = await response.Content.ReadAsStreamAsync(cancellation);
            await foreach (var item in SseParser.Create(body, Parse).EnumerateAsync(cancellation))
                if (item.Data is { } version)
                    Apply(version);
            throw new IOException($"The configuration service ended the watch of {name}.");
        }
        catch (Exception exception)
        {
            _ready.TrySetException(exception);
            throw;
        }
    }

    /// <summary>Reports until <paramref name="cancellation"/>: every second from <paramref name="delay"/> on, and after each applied version.</summary>
    public async Task ReportAsync(TimeSpan delay, CancellationToken cancellation)
    {
        var due = time.GetUtcNow() + delay;
        while (true)
        {
            var wait = due - time.GetUtcNow();
            var isApplied = await _applied.WaitAsync(wait > TimeSpan.Zero ? wait : TimeSpan.Zero, cancellation);
            if (!isApplied)
                due += ReportInterval;
            await SendAsync(cancellation);
        }
    }

    public void Dispose()
    {
        client.Dispose();
        _applied.Dispose();
    }

    private ConfigurationVersion? Parse(string type, ReadOnlySpan<byte> data)
    {
        if (!string.Equals(type, "version", StringComparison.Ordinal))
            return null;
        var seen = time.GetTimestamp();
        var version = JsonSerializer.Deserialize(data, ConfigurationJson.Default.ConfigurationVersion)!;
        publications.See(version.Number, seen);
        return version;
    }

    private void Apply(ConfigurationVersion version)
    {
        if (VersionRefusal.Of(version) is { } refusal)
            throw new IOException($"{name} does not take version {version.Number}: {refusal.Reason}");
        _version = version;
        _ready.TrySetResult();
        _applied.Release();
    }

    [SuppressMessage("Design", "CA1031", Justification = "Whatever fails is counted, and the first is told.")]
    private async Task SendAsync(CancellationToken cancellation)
    {
        if (_version is not { } version)
            return;
        var started = time.GetTimestamp();
        try
        {
            using var response = await client.PostAsJsonAsync(
                "/nodes/report",
                Report(version),
                ConfigurationJson.Default.NodeReport,
                cancellation
            );
            if (!response.IsSuccessStatusCode)
                throw Http.Refused(
                    client.BaseAddress,
                    (int)response.StatusCode,
                    await response.Content.ReadAsByteArrayAsync(cancellation)
                );
        }
        catch (Exception exception) when (!cancellation.IsCancellationRequested)
        {
            reports.Fail(exception.Message);
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
            FileDescriptors: 200
        );
}
