using Veltrix.Testing;

namespace Veltrix.Conformance.Tests.Clients;

/// <summary>kafka-python, Debian's python3-kafka (Clients/Python). It knows neither idempotence nor transactions.</summary>
public sealed class KafkaPythonTests
{
    [Theory]
    [InlineData("codecs")]
    [InlineData("headers_keys_and_tombstones")]
    [InlineData("large_messages")]
    [InlineData("group_range")]
    [InlineData("group_round_robin")]
    [InlineData("commit_and_go_on")]
    [InlineData("seek")]
    [InlineData("offsets_and_timestamps")]
    [InlineData("topics")]
    [InlineData("configurations")]
    [InlineData("groups")]
    public async Task Scenario_Passes(string scenario) =>
        await ClientScript.PassesAsync(scenario, PythonAsync, Script, await TestedKafka.Veltrix.ServersAsync());

    [Fact]
    public async Task Scenarios_PassAgainstApacheKafkaAsWell() =>
        await ClientScript.PassesWholeAsync(PythonAsync, Script, await TestedKafka.Apache.ServersAsync());

    private static string Script => Path.Combine(ClientScript.Directory("Python"), "conformance.py");

    private static Task<NativeTool> PythonAsync() =>
        NativeTools.PythonAsync(["python3-kafka", "python3-snappy", "python3-lz4", "python3-zstandard"]);
}
