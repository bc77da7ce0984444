using System.Diagnostics.CodeAnalysis;
using System.Diagnostics.Metrics;
using System.Threading.Channels;
using Microsoft.Extensions.Logging;
using Veltrix.Configuration;

namespace Veltrix.ServiceDefaults.Configuration;

/// <summary>Holds the version in force. Only <see cref="ConfigurationWatch"/> applies to it.</summary>
internal sealed partial class CurrentConfiguration : IPlatformConfiguration
{
    private readonly LastGoodCopy _copy;
    private readonly IEnumerable<IConfigurationPart> _parts;
    private readonly ILogger<CurrentConfiguration> _logger;
    private readonly TaskCompletionSource<ConfigurationVersion> _first = new(
        TaskCreationOptions.RunContinuationsAsynchronously
    );
    private volatile ConfigurationVersion? _current;
    private volatile VersionRefusal? _refusal;
    private volatile bool _isCopy;
    private int? _released;
    private readonly Channel<int?> _judged = Channel.CreateBounded<int?>(
        new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropWrite }
    );

    public CurrentConfiguration(
        LastGoodCopy copy,
        IEnumerable<IConfigurationPart> parts,
        IMeterFactory meters,
        ILogger<CurrentConfiguration> logger
    )
    {
        (_copy, _parts, _logger) = (copy, parts, logger);
        meters
            .Create(TelemetryNames.Meters.Node)
            .CreateObservableGauge(
                TelemetryNames.NodeConfigurationVersion,
                () => _current is { } current ? new Measurement<int>[] { new(current.Number) } : [],
                unit: null,
                "The configuration version that the node runs."
            );
    }

    public event Action<ConfigurationVersion>? Changed;

    public ConfigurationVersion Current => _current ?? throw new ConfigurationUnavailableException();

    public ConfigurationVersion? CurrentOrNull => _current;

    /// <summary>
    /// The newest version for everybody that the configuration service itself has sent; null before the first, also on a
    /// copy. A candidate is not meant: whether it is released meanwhile, the service says when it is asked from here on.
    /// </summary>
    public int? ReleasedByService => _released;

    /// <summary>What this node does not take; null when it takes all it was given.</summary>
    public VersionRefusal? Refusal => _refusal;

    /// <summary>Readable after a version was put in force or refused: the configuration service should hear of it at once.</summary>
    public ChannelReader<int?> Judged => _judged.Reader;

    public Task<ConfigurationVersion> WaitAsync(CancellationToken cancellation) =>
        _current is { } current ? Task.FromResult(current) : _first.Task.WaitAsync(cancellation);

    /// <summary>
    /// Puts <paramref name="version"/> in force when it is newer than the current one, or refuses it and stays whole on the
    /// current one. One caller at a time.
    /// </summary>
    /// <param name="version">What the service sent.</param>
    /// <param name="isCandidate">
    /// A rollout tries it. It is not kept as the last good copy before it is released: a node that starts while nobody could
    /// take the candidate back must not begin with it.
    /// </param>
    public bool TryApply(ConfigurationVersion version, bool isCandidate)
    {
        var current = _current;
        var isKnown = current is not null && IsSame(current, version);
        var isReleasedNow = isKnown && !isCandidate && _released != version.Number;
        // A copy may come from a history that is gone: what the service says replaces it, whatever its number.
        if (!_isCopy && !isReleasedNow && version.Number <= current?.Number)
        {
            Log.Ignored(_logger, version.Number, current.Number);
            return false;
        }
        if (!isKnown && !TryPut(version))
            return false;
        _isCopy = false;
        if (!isCandidate)
        {
            _released = version.Number;
            _copy.Save(version);
        }
        _judged.Writer.TryWrite(version.Number);
        return true;
    }

    /// <summary>Puts the last good copy in force while there is nothing better.</summary>
    public void Restore()
    {
        if (_current is not null || _copy.Load() is not { } version || !TryPut(version))
            return;
        _isCopy = true;
        Log.Restored(_logger, version.Number, version.PublishedAt);
    }

    /// <summary>Remembers what does not come into force, for the report.</summary>
    public void Refuse(VersionRefusal refusal)
    {
        _refusal = refusal;
        Log.Refused(_logger, refusal.Version, refusal.Reason, _current?.Number);
        _judged.Writer.TryWrite(refusal.Version);
    }

    private static bool IsSame(ConfigurationVersion one, ConfigurationVersion other) =>
        one.Number == other.Number && string.Equals(one.Hash, other.Hash, StringComparison.Ordinal);

    private bool TryPut(ConfigurationVersion version)
    {
        if ((VersionRefusal.Of(version) ?? _parts.Apply(version)) is { } refusal)
        {
            Refuse(refusal);
            return false;
        }
        _current = version;
        _refusal = null;
        Log.Applied(_logger, version.Number, version.Hash, version.Author, version.Reason);
        _first.TrySetResult(version);
        foreach (var handler in Changed?.GetInvocationList() ?? [])
            Notify((Action<ConfigurationVersion>)handler, version);
        return true;
    }

    [SuppressMessage(
        "Design",
        "CA1031",
        Justification = "One subscriber's bug must not keep the others on the old version."
    )]
    private void Notify(Action<ConfigurationVersion> handler, ConfigurationVersion version)
    {
        try
        {
            handler(version);
        }
        catch (Exception error)
        {
            Log.HandlerFailed(_logger, error, version.Number);
            // It is in force, but not everywhere in this node: neither the fleet nor a rollout must take that for well.
            _refusal = new VersionRefusal(version.Number, $"A component failed to take it over: {error.Message}");
        }
    }

    private static partial class Log
    {
        [LoggerMessage(LogLevel.Information, "Configuration {Version} is in force: hash {Hash}, by {Author}: {Reason}")]
        public static partial void Applied(ILogger logger, int version, string hash, string author, string reason);

        [LoggerMessage(LogLevel.Debug, "Configuration {Version} ignored; {Current} is in force")]
        public static partial void Ignored(ILogger logger, int version, int current);

        [LoggerMessage(LogLevel.Error, "Configuration {Version} is refused, {Current} stays in force. {Reason}")]
        public static partial void Refused(ILogger logger, int? version, string reason, int? current);

        [LoggerMessage(
            LogLevel.Warning,
            "The configuration service is away: version {Version} of {PublishedAt}, the last that was in force here, is in force again"
        )]
        public static partial void Restored(ILogger logger, int version, DateTimeOffset publishedAt);

        [LoggerMessage(LogLevel.Error, "A component failed to take over configuration {Version}")]
        public static partial void HandlerFailed(ILogger logger, Exception error, int version);
    }
}
