using System.Text.Json;
using System.Text.Json.Nodes;
using Confluent.Kafka;
using Veltrix.Configuration;
using Veltrix.Configuration.Options;
using Veltrix.Ingest.Kafka;
using Veltrix.Processor.Consuming;
using Veltrix.Testing;

namespace Veltrix.Options.Tests.Probes;

/// <summary>
/// The profiles of producer and consumer: what the client library is told. That a running node takes another profile is
/// shown by the tests of each service.
/// </summary>
internal static class ClientProfileProbes
{
    private const string Producer = "ingest.producer.";
    private const string Consumer = "processor.consumer.";

    private static readonly Dictionary<string, string> OtherNames = new()
    {
        ["all"] = "leader",
        ["none"] = "lz4",
        ["earliest"] = "latest",
    };

    public static IEnumerable<Probe> All =>
        OptionCatalogue
            .All.Select(option => option.Path)
            .Where(path => path.StartsWith(Producer) || path.StartsWith(Consumer))
            .Except(ProducerProbes.All.Select(probe => probe.Path))
            .Select(path => new Probe(path, ChangesWhatTheClientLibraryIsTold));

    private static async Task ChangesWhatTheClientLibraryIsTold(ProbedNodes nodes, string path)
    {
        // The settings depend on the version of the native library, which comes with the servers.
        await Servers.KafkaAsync();
        var configuration = PlatformConfiguration.Default;
        Settings(configuration.With(path, Other(path))).ShouldNotBe(Settings(configuration));
    }

    private static JsonNode Other(string path) =>
        PlatformConfiguration.Default.ValueOf(path) switch
        {
            JsonValue value when value.GetValueKind() is JsonValueKind.True or JsonValueKind.False =>
                !value.GetValue<bool>(),
            JsonValue value when value.GetValueKind() == JsonValueKind.Number => value.GetValue<long>() + 1,
            JsonValue value when OtherNames.TryGetValue(value.GetValue<string>(), out var name) => name,
            var value => throw new NotSupportedException($"{path}: no other value than {value} is known here."),
        };

    private static string Settings(PlatformConfiguration configuration)
    {
        var producer = new ProducerConfig();
        ProducerProfile.Write(configuration.Ingest.Producer, producer);
        var consumer = BatchConsumer.Settings("127.0.0.1:9", "group", "client", configuration.Processor.Consumer);
        return string.Join('\n', producer.Concat(consumer).Select(entry => $"{entry.Key}={entry.Value}").Order());
    }
}
