using Confluent.Kafka;
using Veltrix.Configuration;
using Veltrix.ServiceDefaults.Configuration;

namespace Veltrix.Processor.Consuming;

/// <summary>
/// Refuses a version whose consumer profile the client library does not take. Each purpose joins its group anew with
/// another profile, and would try that for ever.
/// </summary>
internal sealed class ConsumerProfile : IConfigurationPart
{
    private ConsumerConfiguration? _taken;

    public IPreparedConfiguration Prepare(ConfigurationVersion version)
    {
        var profile = version.Configuration.Processor.Consumer;
        if (profile != _taken)
            Build(profile);
        return new Taken(this, profile);
    }

    /// <summary>Without a broker to connect to: only the settings are looked at.</summary>
    private static void Build(ConsumerConfiguration profile)
    {
        var settings = BatchConsumer.Settings("", nameof(ConsumerProfile), nameof(ConsumerProfile), profile);
        settings.BootstrapServers = null;
        new ConsumerBuilder<byte[], byte[]>(settings).SetLogHandler((_, _) => { }).Build().Dispose();
    }

    private sealed class Taken(ConsumerProfile owner, ConsumerConfiguration profile) : IPreparedConfiguration
    {
        public void Commit() => owner._taken = profile;

        public void Dispose() { }
    }
}
