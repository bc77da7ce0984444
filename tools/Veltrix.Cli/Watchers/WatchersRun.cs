using System.Diagnostics;
using System.Globalization;
using System.Text.Json;
using Veltrix.Cli.Configurations;
using Veltrix.Cli.Load;
using Veltrix.Cli.Output;
using Veltrix.Cli.Platform;
using Veltrix.Configuration;
using LatencyHistogram = Veltrix.Cli.Load.LatencyHistogram;

namespace Veltrix.Cli.Watchers;

/// <summary>One run: connects all nodes, publishes, lets nodes drift, looks at the memory.</summary>
internal sealed class WatchersRun : IAsyncDisposable
{
    private const int ConnectingAtOnce = 64;
    private static readonly TimeSpan RequestTimeout = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan FleetInterval = TimeSpan.FromMilliseconds(50);
    private static readonly TimeSpan LongestDrift = TimeSpan.FromSeconds(10);

    private readonly WatchersSettings _settings;
    private readonly IProgressDisplay _progress;
    private readonly TimeProvider _time;
    private readonly HttpClient _operator;
    private readonly PublicationLedger _publications;
    private readonly ReportLedger _reports = new();
    private readonly LatencyHistogram _drifts = new();
    private readonly List<SimulatedNode> _nodes;
    private readonly List<Task> _work = [];
    private readonly CancellationTokenSource _stop;
    private long _missedDrifts;
    private Cost? _publishing;

    public WatchersRun(
        WatchersSettings settings,
        PlatformConnection platform,
        IProgressDisplay progress,
        TimeProvider time,
        CancellationToken cancellation
    )
    {
        (_settings, _progress, _time) = (settings, progress, time);
        _stop = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        _publications = new PublicationLedger(settings.Nodes, settings.Reports, time);
        _operator = Http.Client(platform.Config, platform.OperatorKey, connections: 2, RequestTimeout);
        var run = RunId.New();
        var requests = new NodeRequests(platform.Config, platform.OperatorKey);
        var proof = new VersionProof(settings.SharesProof);
        _nodes =
        [
            .. Enumerable
                .Range(0, settings.Nodes)
                .Select(index => new SimulatedNode(
                    string.Create(CultureInfo.InvariantCulture, $"simulated-{run}-{index}"),
                    requests,
                    proof,
                    _publications,
                    _reports,
                    time
                )),
        ];
    }

    /// <summary>Why the first failed report failed; null when none did.</summary>
    public string? FirstFailure => _reports.FirstFailure;

    /// <exception cref="CliException">The service refused a watch or a publication.</exception>
    public async Task<WatchersResult> ExecuteAsync()
    {
        await ConnectAsync();
        if (_settings.Publishes > 0)
            await Guarded(PublishAsync());
        if (_settings.Drifts > 0)
            await Guarded(DriftAsync());
        var holding = NewMeter();
        await Guarded(Task.Delay(_settings.Hold, _time, _stop.Token));
        var held = holding.Read();
        return new WatchersResult(
            _settings.Nodes,
            _settings.Publishes,
            Spread.Of(_publications.Published),
            Spread.Of(_publications.Seen),
            Spread.Of(_publications.Acknowledged),
            _publications.Missed + _missedDrifts,
            _reports.RoundTrips.Count,
            _reports.Failed,
            Spread.Of(_reports.RoundTrips),
            Spread.Of(_drifts),
            _settings.ProcessId is { } process ? ProcessFigures.PssBytes(process) : null,
            _publishing,
            held
        );
    }

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await Task.WhenAll(_work).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        _nodes.ForEach(node => node.Dispose());
        _operator.Dispose();
        _stop.Dispose();
    }

    private async Task ConnectAsync()
    {
        var connected = 0;
        await Parallel.ForAsync(
            0,
            _nodes.Count,
            new ParallelOptions { MaxDegreeOfParallelism = ConnectingAtOnce, CancellationToken = _stop.Token },
            async (index, _) =>
            {
                var node = _nodes[index];
                var watch = node.WatchAsync(_stop.Token);
                // Spread over the second, as nodes are that started one by one.
                var delay = TimeSpan.FromSeconds((double)index / _nodes.Count);
                lock (_work)
                {
                    _work.Add(watch);
                    _work.Add(node.RunAsync(_settings.Reports ? delay : null, _stop.Token));
                }
                await node.Ready;
                _progress.Report("Connected", Interlocked.Increment(ref connected), _nodes.Count);
            }
        );
    }

    private async Task PublishAsync()
    {
        using var client = new ConfigClient(_operator, "/configuration");
        var publisher = new Publisher(client, _publications);
        await publisher.PrepareAsync(_stop.Token);
        try
        {
            var meter = NewMeter();
            for (var round = 0; round < _settings.WarmUp + _settings.Publishes; round++)
            {
                if (round == _settings.WarmUp)
                    meter = NewMeter();
                await publisher.PublishAsync(round, isMeasured: round >= _settings.WarmUp, _stop.Token);
                await Task.Delay(_settings.Pause, _time, _stop.Token);
                _progress.Report("Published", round + 1, _settings.WarmUp + _settings.Publishes);
            }
            _publishing = meter.Read();
        }
        finally
        {
            await publisher.RestoreAsync(CancellationToken.None);
        }
    }

    private CostMeter NewMeter() => new(_settings.ProcessId, _reports, _time);

    private async Task DriftAsync()
    {
        await NamedAsync(seen => seen.Condition == NodeCondition.Current, _nodes);
        for (var round = 0; round < _settings.Drifts; round++)
        {
            var node = _nodes[round % _nodes.Count];
            var started = _time.GetTimestamp();
            node.Drift();
            if (await NamedAsync(seen => seen.Condition == NodeCondition.Drifted, [node]))
                _drifts.Record((long)_time.GetElapsedTime(started).TotalMicroseconds);
            else
                _missedDrifts++;
            node.Recover();
            await NamedAsync(seen => seen.Condition == NodeCondition.Current, [node]);
            _progress.Report("Drifted", round + 1, _settings.Drifts);
        }
    }

    /// <summary>Asks for the fleet until each of <paramref name="nodes"/> stands as wanted; false when that takes too long.</summary>
    private async Task<bool> NamedAsync(Func<FleetNode, bool> isWanted, IReadOnlyList<SimulatedNode> nodes)
    {
        var started = _time.GetTimestamp();
        while (_time.GetElapsedTime(started) < LongestDrift)
        {
            var fleet = await FleetAsync();
            if (nodes.All(node => fleet.TryGetValue(node.Name, out var seen) && isWanted(seen)))
                return true;
            await Task.Delay(FleetInterval, _time, _stop.Token);
        }
        return false;
    }

    private async Task<Dictionary<string, FleetNode>> FleetAsync()
    {
        using var response = await _operator.GetAsync("/fleet", _stop.Token);
        var body = await response.Content.ReadAsByteArrayAsync(_stop.Token);
        if (!response.IsSuccessStatusCode)
            throw Http.Refused(_operator.BaseAddress, (int)response.StatusCode, body);
        return JsonSerializer
            .Deserialize(body, ConfigurationJson.Default.IReadOnlyListFleetNode)!
            .ToDictionary(node => node.Node, StringComparer.Ordinal);
    }

    /// <summary>Awaits <paramref name="step"/>, but no longer than all nodes do their work.</summary>
    private async Task Guarded(Task step)
    {
        var first = await Task.WhenAny([step, .. _work]);
        if (first != step)
        {
            await _stop.CancelAsync();
            await step.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
        await first;
    }
}
