using Confluent.Kafka;
using Veltrix.Configuration;
using Veltrix.ServiceDefaults.Configuration;

namespace Veltrix.Ingest.Kafka;

/// <summary>
/// The producer of the profile in force. A configuration with another profile makes a new one; requests that are under
/// way keep theirs, and the old one ends with the last of them. A profile that the client library refuses makes the node
/// refuse the version.
/// </summary>
internal sealed partial class Producers(
    IProducer<byte[], byte[]?> first,
    Func<ProducerConfiguration, IProducer<byte[], byte[]?>> build,
    ILogger<Producers> logger
) : IConfigurationPart, IHostedService
{
    private static readonly TimeSpan DrainLimit = TimeSpan.FromSeconds(0.5);

    private volatile LeasedProducer _current = new(first, isOwned: false);
    private ProducerConfiguration _profile = new();

    /// <summary>The current producer; release it after the last delivery report.</summary>
    public LeasedProducer Take()
    {
        while (true)
        {
            var current = _current;
            if (current.TryTake())
                return current;
        }
    }

    public IPreparedConfiguration Prepare(ConfigurationVersion version)
    {
        var profile = version.Configuration.Ingest.Producer;
        return new Next(
            this,
            version.Number,
            profile,
            profile == _profile ? null : new LeasedProducer(build(profile), isOwned: true)
        );
    }

    public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    /// <summary>
    /// Sends what is still queued before the process ends. Requests were answered by then; what is left belongs to
    /// clients that went away, and for them every delivered record spares a repetition.
    /// </summary>
    public Task StopAsync(CancellationToken cancellationToken) =>
        Task.Run(() => _current.Client.Flush(DrainLimit), CancellationToken.None);

    private void Use(LeasedProducer next, ProducerConfiguration profile, int version)
    {
        var before = _current;
        _current = next;
        _profile = profile;
        before.Release();
        Log.Replaced(logger, version, profile);
    }

    /// <summary>A producer that nobody uses yet; none when the profile is the same.</summary>
    private sealed class Next(Producers producers, int version, ProducerConfiguration profile, LeasedProducer? next)
        : IPreparedConfiguration
    {
        private LeasedProducer? _next = next;

        public void Commit()
        {
            if (_next is not null)
                producers.Use(_next, profile, version);
            _next = null;
        }

        public void Dispose() => _next?.Release();
    }

    private static partial class Log
    {
        [LoggerMessage(LogLevel.Information, "Version {Version} has another producer profile, in force now: {Profile}")]
        public static partial void Replaced(ILogger logger, int version, ProducerConfiguration profile);
    }
}
