using System.Diagnostics.CodeAnalysis;
using Microsoft.Extensions.Logging;
using Veltrix.Configuration;

namespace Veltrix.ServiceDefaults.Configuration;

/// <summary>Holds the version in force. Only <see cref="ConfigurationWatch"/> applies to it.</summary>
internal sealed partial class CurrentConfiguration(ILogger<CurrentConfiguration> logger) : IPlatformConfiguration
{
    private readonly TaskCompletionSource<ConfigurationVersion> _first = new(
        TaskCreationOptions.RunContinuationsAsynchronously
    );
    private volatile ConfigurationVersion? _current;

    public event Action<ConfigurationVersion>? Changed;

    public ConfigurationVersion Current => _current ?? throw new ConfigurationUnavailableException();

    public ConfigurationVersion? CurrentOrNull => _current;

    public Task<ConfigurationVersion> WaitAsync(CancellationToken cancellation) =>
        _current is { } current ? Task.FromResult(current) : _first.Task.WaitAsync(cancellation);

    /// <summary>Puts <paramref name="version"/> in force when it is newer than the current one. One caller at a time.</summary>
    public bool TryApply(ConfigurationVersion version)
    {
        if (_current is { } current && version.Number <= current.Number)
        {
            Log.Ignored(logger, version.Number, current.Number);
            return false;
        }
        _current = version;
        _first.TrySetResult(version);
        Log.Applied(logger, version.Number, version.Hash, version.Author, version.Reason);
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
            Log.HandlerFailed(logger, error, version.Number);
        }
    }

    private static partial class Log
    {
        [LoggerMessage(LogLevel.Information, "Configuration {Version} is in force: hash {Hash}, by {Author}: {Reason}")]
        public static partial void Applied(ILogger logger, int version, string hash, string author, string reason);

        [LoggerMessage(LogLevel.Debug, "Configuration {Version} ignored; {Current} is in force")]
        public static partial void Ignored(ILogger logger, int version, int current);

        [LoggerMessage(LogLevel.Error, "A component failed to take over configuration {Version}")]
        public static partial void HandlerFailed(ILogger logger, Exception error, int version);
    }
}
