using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.Options;
using Veltrix.Config.Versions;
using Veltrix.ServiceDefaults;

namespace Veltrix.Config.Watch;

/// <summary>
/// The watchers of this replica. One timer beats for all of them, a few at a time: thousands that beat at once would hold up
/// a version for as long as that takes.
/// </summary>
internal sealed class Watchers : SteadyService
{
    private const int Slots = 50;

    /// <summary>A peer may pause for so long, whatever the rate.</summary>
    private static readonly TimeSpan Grace = TimeSpan.FromSeconds(5);

    private readonly WatchOptions _options;
    private readonly TimeProvider _time;
    private readonly CurrentVersion _current;
    private readonly Lock _lock = new();
    private readonly HashSet<Watcher>[] _slots = [.. Enumerable.Range(0, Slots).Select(_ => new HashSet<Watcher>())];
    private int _count;
    private int _next;
    private bool _ended;

    public Watchers(
        CurrentVersion current,
        IOptions<WatchOptions> options,
        IHostApplicationLifetime lifetime,
        TimeProvider time,
        ILogger<Watchers> logger
    )
        : base(time, logger)
    {
        (_current, _options, _time) = (current, options.Value, time);
        _current.Replaced += WakeAll;
        // An open watch would hold up the service's shutdown until the host loses patience.
        lifetime.ApplicationStopping.Register(EndAll);
    }

    public int Maximum => _options.MaximumWatchers;

    /// <summary>Kestrel drops a connection whose peer does not take in what waits for it this fast.</summary>
    public MinDataRate Slowest => new(_options.MinimumBytesPerSecond, Grace);

    /// <summary>Adds a watcher; null when there are as many as there may be, or the service stops.</summary>
    public Registration? TryEnter()
    {
        lock (_lock)
        {
            if (_ended || _count >= Maximum)
                return null;
            _count++;
            var watcher = new Watcher();
            var slot = _next++ % Slots;
            _slots[slot].Add(watcher);
            return new Registration(this, watcher, slot);
        }
    }

    public override void Dispose()
    {
        _current.Replaced -= WakeAll;
        base.Dispose();
    }

    protected override async Task RunAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(_options.Heartbeat / Slots, _time);
        for (var slot = 0; await timer.WaitForNextTickAsync(stoppingToken); slot = (slot + 1) % Slots)
            lock (_lock)
                foreach (var watcher in _slots[slot])
                    watcher.Wake(WakeReason.Heartbeat);
    }

    private void EndAll()
    {
        lock (_lock)
        {
            _ended = true;
            foreach (var slot in _slots)
            foreach (var watcher in slot)
                watcher.End();
        }
    }

    private void WakeAll()
    {
        lock (_lock)
            foreach (var slot in _slots)
            foreach (var watcher in slot)
                watcher.Wake(WakeReason.Version);
    }

    private void Leave(Watcher watcher, int slot)
    {
        lock (_lock)
            if (_slots[slot].Remove(watcher))
                _count--;
    }

    /// <summary>A place among the watchers, until it is disposed.</summary>
    public sealed class Registration(Watchers watchers, Watcher watcher, int slot) : IDisposable
    {
        public Watcher Watcher => watcher;

        public void Dispose() => watchers.Leave(watcher, slot);
    }
}
