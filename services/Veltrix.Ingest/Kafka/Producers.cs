using Confluent.Kafka;
using Veltrix.Configuration;
using Veltrix.ServiceDefaults.Configuration;

namespace Veltrix.Ingest.Kafka;

/// <summary>
/// The producer of the profile in force. A configuration with another profile makes a new one; requests that are under
/// way keep theirs, and the old one ends with the last of them.
/// </summary>
internal sealed partial class Producers(
    IProducer<byte[], byte[]?> first,
    Func<ProducerConfiguration, IProducer<byte[], byte[]?>> build,
    IPlatformConfiguration configuration,
    ILogger<Producers> logger
) : IHostedService
{
    private static readonly TimeSpan DrainLimit = TimeSpan.FromSeconds(0.5);

    private readonly Lock _gate = new();
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

    public async Task StartAsync(CancellationToken cancellationToken)
    {
        configuration.Changed += Apply;
        var arrived = configuration.WaitAsync(CancellationToken.None);
        if (arrived.IsCompletedSuccessfully)
            Apply(await arrived);
    }

    /// <summary>
    /// Sends what is still queued before the process ends. Requests were answered by then; what is left belongs to
    /// clients that went away, and for them every delivered record spares a repetition.
    /// </summary>
    public Task StopAsync(CancellationToken cancellationToken)
    {
        configuration.Changed -= Apply;
        return Task.Run(() => _current.Client.Flush(DrainLimit), CancellationToken.None);
    }

    private void Apply(ConfigurationVersion version)
    {
        lock (_gate)
        {
            var profile = version.Configuration.Ingest.Producer;
            if (profile == _profile)
                return;
            LeasedProducer next;
            try
            {
                next = new LeasedProducer(build(profile), isOwned: true);
            }
            catch (Exception failure) when (failure is KafkaException or InvalidOperationException or ArgumentException)
            {
                Log.Refused(logger, version.Number, failure);
                return;
            }
            var before = _current;
            _current = next;
            _profile = profile;
            before.Release();
            Log.Replaced(logger, version.Number, profile);
        }
    }

    private static partial class Log
    {
        [LoggerMessage(LogLevel.Information, "Version {Version} has another producer profile, in force now: {Profile}")]
        public static partial void Replaced(ILogger logger, int version, ProducerConfiguration profile);

        [LoggerMessage(
            LogLevel.Error,
            "The client library refuses the producer profile of version {Version}; the one before stays in force"
        )]
        public static partial void Refused(ILogger logger, int version, Exception failure);
    }
}
