using Veltrix.Testing;

namespace Veltrix.Conformance.Tests.Clients;

/// <summary>kafkajs, the JavaScript client (Clients/Kafkajs).</summary>
public sealed class KafkajsTests
{
    [Theory]
    [InlineData("codecs")]
    [InlineData("headersKeysAndTombstones")]
    [InlineData("largeMessages")]
    [InlineData("acknowledgements")]
    [InlineData("idempotence")]
    [InlineData("groupSharesPartitionsWhileProducing")]
    [InlineData("groupGoesOnWhereItCommitted")]
    [InlineData("seek")]
    [InlineData("timestamps")]
    [InlineData("offsets")]
    [InlineData("topics")]
    [InlineData("configurations")]
    [InlineData("deletedRecords")]
    [InlineData("groups")]
    public async Task Scenario_Passes(string scenario) =>
        await ClientScript.PassesAsync(scenario, NodeAsync, Script, await TestedKafka.Veltrix.ServersAsync());

    [Theory]
    [InlineData("commitAndAbort")]
    [InlineData("offsetsInATransaction")]
    [InlineData("fencing")]
    public async Task Transaction_Passes(string scenario)
    {
        var servers = await TestedKafka.Veltrix.ServersAsync();
        await ClientScript.PassesAsync(scenario, NodeAsync, Script, servers, "--transactions");
    }

    [Fact]
    public async Task Scenarios_PassAgainstApacheKafkaAsWell()
    {
        var servers = await TestedKafka.Apache.ServersAsync();
        await ClientScript.PassesWholeAsync(NodeAsync, Script, servers);
        await ClientScript.PassesWholeAsync(NodeAsync, Script, servers, "--transactions");
    }

    private static string Script => Path.Combine(ClientScript.Directory("Kafkajs"), "conformance.js");

    private static async Task<NativeTool> NodeAsync()
    {
        var modules = await NodePackages.InstallAsync(ClientScript.Directory("Kafkajs"));
        var node = await NativeTools.NodeAsync();
        return node with { Environment = new Dictionary<string, string>(node.Environment) { ["NODE_PATH"] = modules } };
    }
}
