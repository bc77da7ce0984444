using System.Text.Json;
using System.Text.Json.Nodes;
using Veltrix.Configuration.Capacity;

namespace Veltrix.Configuration.Diagnoses;

/// <summary>What one examination looks at; traffic and limits stand in their places in the configuration already.</summary>
internal sealed record Examination(
    PlatformConfiguration Configuration,
    PlatformConfiguration? Previous,
    Topology? Topology
)
{
    private (PlatformConfiguration? Of, JsonNode? Node) _document;

    /// <summary>Whether only the question matters if a fix works: then no further fixes are looked for.</summary>
    public bool IsTrial { get; init; }

    public TrafficConfiguration Traffic => Configuration.Traffic;

    public LimitsConfiguration Limits => Configuration.Limits;

    public CapacityModel Capacity => new(Configuration);

    /// <summary>Brokers that share the records; without a topology as many as the most copies of a topic.</summary>
    public int Brokers => Topology?.Brokers ?? Math.Max(1, Topics().Max(topic => topic.Topic.ReplicationFactor));

    /// <summary>Every topic with its path.</summary>
    public IEnumerable<(string Path, TopicConfiguration Topic)> Topics() =>
        Configuration.Clusters.SelectMany(
            (cluster, index) =>
                cluster.Topics.Select((topic, number) => ($"$.clusters[{index}].topics[{number}]", topic))
        );

    /// <summary>The topics that get events.</summary>
    public IEnumerable<(string Path, TopicConfiguration Topic)> RoutedTopics() =>
        Topics().Where(topic => Configuration.EventTypes.Any(type => type.Topic == topic.Topic.Name));

    /// <summary>The topic as the broker has it; null when that is not known.</summary>
    public TopicTopology? Actual(TopicConfiguration topic) =>
        Topology?.Topics.FirstOrDefault(actual => string.Equals(actual.Name, topic.Name, StringComparison.Ordinal));

    // What is there wins over what the document asks for: partitions and copies are only taken when a topic is created.

    /// <summary>Copies of each partition; Kafka's default of one where neither broker nor document says.</summary>
    public int Copies(TopicConfiguration topic) =>
        Actual(topic)?.ReplicationFactor
        ?? (topic.ReplicationFactor == TopicConfiguration.BrokerDefault ? 1 : topic.ReplicationFactor);

    /// <summary>
    /// Copies that must have a record: what the document asks for is given to topics that are there, too. Where it leaves
    /// that to the broker, what the broker has; else Kafka's default of one.
    /// </summary>
    public int InsyncCopies(TopicConfiguration topic) =>
        topic.MinimumInsyncReplicas > 0 ? topic.MinimumInsyncReplicas : Actual(topic)?.MinimumInsyncReplicas ?? 1;

    /// <summary>A patch of a topic's copies; null when the topic is there already, and the document does not change them.</summary>
    public IReadOnlyList<PatchOperation>? FixOfCopies(TopicConfiguration topic, IReadOnlyList<PatchOperation> patch) =>
        Actual(topic) is null ? patch : null;

    /// <summary>A trial of the same with a patch applied to the document.</summary>
    public Examination With(IReadOnlyList<PatchOperation> patch) =>
        this with
        {
            IsTrial = true,
            Configuration = ConfigurationPatch.Apply(Configuration, patch),
        };

    /// <summary>What stands at <paramref name="path"/>; null when nothing does.</summary>
    public JsonNode? ValueAt(string path)
    {
        var place = Document();
        foreach (var step in Fix.Pointer(path).Split('/')[1..])
            place = place is null ? null : ConfigurationPatch.Child(place, step);
        return place?.DeepClone();
    }

    // Every finding asks: once for all, but anew for a copy with another document.
    private JsonNode? Document()
    {
        if (!ReferenceEquals(_document.Of, Configuration))
            _document = (
                Configuration,
                JsonSerializer.SerializeToNode(Configuration, ConfigurationJson.Default.PlatformConfiguration)
            );
        return _document.Node;
    }
}
