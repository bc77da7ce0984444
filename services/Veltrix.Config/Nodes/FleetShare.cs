using Microsoft.Extensions.Options;
using Veltrix.Config.Store;
using Veltrix.Config.Versions;
using Veltrix.ServiceDefaults;

namespace Veltrix.Config.Nodes;

/// <summary>
/// Tells the other replicas once a second which nodes report here, and learns from them which report there. While the store
/// is away each replica shows what it knows.
/// </summary>
internal sealed partial class FleetShare(
    IServiceScopeFactory scopes,
    NodeRegistry registry,
    FleetClock clock,
    VersionFeed feed,
    IOptions<FleetOptions> options,
    TimeProvider time,
    ILogger<FleetShare> logger
) : SteadyService(time, logger)
{
    /// <summary>How far the usual reading goes back: rows are written at most a second after the report, and read a second later.</summary>
    private static readonly TimeSpan Window = TimeSpan.FromSeconds(10);

    private readonly Guid _replica = Guid.NewGuid();
    private bool _isFresh;
    private bool _isAway;

    /// <summary>Tells and learns once.</summary>
    public async Task StepAsync(CancellationToken cancellation)
    {
        await using var scope = scopes.CreateAsyncScope();
        var store = scope.ServiceProvider.GetRequiredService<FleetStore>();
        // After an outage nobody knows what arrived.
        var isFresh = _isFresh;
        _isFresh = false;
        var told = registry.Tell(again: !isFresh);
        if (told.Count > 0)
            await store.WriteAsync(_replica, told, cancellation);
        await store.TidyAsync(cancellation);
        // Time stamps before the questions: a node seems older by the time that the answer takes, never younger.
        var askedAt = time.GetTimestamp();
        clock.Set(await store.NowAsync(cancellation), askedAt);
        var window = isFresh ? Window : NodeRegistry.Remembered;
        askedAt = time.GetTimestamp();
        registry.Learn(await store.ReadAsync(_replica, window, cancellation), askedAt);
        _isFresh = true;
    }

    protected override async Task RunAsync(CancellationToken stoppingToken)
    {
        await feed.Prepared.WaitAsync(stoppingToken);
        using var timer = new PeriodicTimer(options.Value.ShareInterval, time);
        do await TryStepAsync(stoppingToken);
        while (await timer.WaitForNextTickAsync(stoppingToken));
    }

    private async Task TryStepAsync(CancellationToken cancellation)
    {
        try
        {
            await StepAsync(cancellation);
            if (_isAway)
                Log.StoreBack(logger);
            _isAway = false;
        }
        catch (Exception exception) when (StoreFailure.Is(exception) && !cancellation.IsCancellationRequested)
        {
            if (!_isAway)
                Log.StoreAway(logger, exception.GetBaseException().Message);
            _isAway = true;
        }
    }

    private static partial class Log
    {
        [LoggerMessage(
            1,
            LogLevel.Warning,
            "The store is away ({Cause}): what other replicas hear of their nodes is not known here"
        )]
        public static partial void StoreAway(ILogger logger, string cause);

        [LoggerMessage(2, LogLevel.Information, "The replicas tell each other of their nodes again")]
        public static partial void StoreBack(ILogger logger);
    }
}
