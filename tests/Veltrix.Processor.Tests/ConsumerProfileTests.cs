using Veltrix.Configuration;
using Veltrix.Processor.Consuming;
using Veltrix.Testing;

namespace Veltrix.Processor.Tests;

public sealed class ConsumerProfileTests
{
    public static TheoryData<string> Options => [.. ChangedOption.Names<ConsumerConfiguration>()];

    /// <summary>An option that nothing obeys is a defect: this one finds it when it is added.</summary>
    [Theory]
    [MemberData(nameof(Options))]
    public async Task EveryOption_Changed_ChangesWhatTheClientLibraryIsTold(string option)
    {
        // The settings depend on the version of the native library, which comes with the servers.
        await Servers.KafkaAsync();
        Settings(ChangedOption.With<ConsumerConfiguration>(option)).ShouldNotBe(Settings(new ConsumerConfiguration()));
    }

    private static string Settings(ConsumerConfiguration profile) =>
        string.Join(
            '\n',
            BatchConsumer
                .Settings("127.0.0.1:9", "group", "client", profile)
                .Select(entry => $"{entry.Key}={entry.Value}")
                .Order()
        );
}
