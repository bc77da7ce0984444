using Confluent.Kafka;
using Veltrix.Configuration;
using Veltrix.Ingest.Kafka;
using Veltrix.Testing;

namespace Veltrix.Ingest.Tests;

public sealed class ProducerProfileTests
{
    public static TheoryData<string> Options => [.. ChangedOption.Names<ProducerConfiguration>()];

    /// <summary>An option that nothing obeys is a defect: this one finds it when it is added.</summary>
    [Theory]
    [MemberData(nameof(Options))]
    public void EveryOption_Changed_ChangesWhatTheClientLibraryIsTold(string option)
    {
        Settings(ChangedOption.With<ProducerConfiguration>(option)).ShouldNotBe(Settings(new ProducerConfiguration()));
    }

    private static string Settings(ProducerConfiguration profile)
    {
        var config = new ProducerConfig();
        ProducerProfile.Write(profile, config);
        return string.Join('\n', config.Select(entry => $"{entry.Key}={entry.Value}").Order());
    }
}
