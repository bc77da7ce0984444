using System.Globalization;

namespace Veltrix.Broker.Protocol.Apis;

/// <summary>The settings of topics and of this broker.</summary>
internal sealed class DescribeConfigsApi(BrokerNode node) : Api(ApiKey.DescribeConfigs, 0, 4, firstFlexibleVersion: 4)
{
    private const sbyte DynamicTopicConfiguration = 1;
    private const sbyte StaticBrokerConfiguration = 4;
    private const sbyte DefaultConfiguration = 5;

    private sealed record Entry(string Name, string? Value, sbyte Source, sbyte Type, string? Default);

    public override ValueTask AnswerAsync(ApiRequest request, ProtocolWriter response, CancellationToken cancellation)
    {
        var version = request.Version;
        var reader = request.Read();
        var resources = new List<(sbyte Type, string Name, List<string>? Keys)>();
        for (var left = reader.ReadArrayLength(); left > 0; left--)
        {
            var (type, name) = (reader.ReadInt8(), reader.ReadString());
            var keys = ReadKeys(ref reader);
            reader.SkipTags();
            resources.Add((type, name, keys));
        }
        var includeSynonyms = version >= 1 && reader.ReadBoolean();

        response.WriteInt32(0);
        response.WriteArrayLength(resources.Count);
        foreach (var (type, name, keys) in resources)
        {
            var (error, entries) = Find(type, name);
            var wanted = entries
                .Where(entry => keys is null || keys.Contains(entry.Name, StringComparer.Ordinal))
                .ToList();
            response.WriteError(error);
            response.WriteNullableString(null);
            response.WriteInt8(type);
            response.WriteString(name);
            response.WriteArrayLength(wanted.Count);
            foreach (var entry in wanted)
                Write(response, version, entry, type, includeSynonyms);
            response.WriteNoTags();
        }
        response.WriteNoTags();
        return ValueTask.CompletedTask;
    }

    private static List<string>? ReadKeys(ref ProtocolReader reader)
    {
        var count = reader.ReadArrayLength();
        if (count < 0)
            return null;
        var keys = new List<string>(count);
        for (; count > 0; count--)
            keys.Add(reader.ReadString());
        return keys;
    }

    private (ErrorCode Error, IReadOnlyList<Entry> Entries) Find(sbyte type, string name) =>
        type switch
        {
            ConfigResource.Topic => node.Topics.Find(name) is { } topic
                ? (ErrorCode.None, TopicEntries(topic.Configuration))
                : (ConfigurationChange.MissingTopic(name), []),
            ConfigResource.Broker when name.Length == 0 => (ErrorCode.None, []),
            ConfigResource.Broker when ConfigResource.IsNode(name, node.NodeId) => (ErrorCode.None, BrokerEntries()),
            _ => (ErrorCode.InvalidRequest, []),
        };

    private List<Entry> TopicEntries(IReadOnlyDictionary<string, string> set) =>
        [
            .. node.Topics.Configuration.Settings.Select(setting =>
                set.TryGetValue(setting.Name, out var own)
                    ? new Entry(setting.Name, own, DynamicTopicConfiguration, setting.Type, setting.Default)
                    : new Entry(setting.Name, setting.Default, DefaultConfiguration, setting.Type, setting.Default)
            ),
        ];

    private List<Entry> BrokerEntries()
    {
        var options = node.Options;
        return
        [
            Number("broker.id", node.NodeId),
            Text("delete.topic.enable", "true", 1),
            Text("auto.create.topics.enable", options.AutoCreateTopics ? "true" : "false", 1),
            Number("num.partitions", options.DefaultPartitions),
            Number("default.replication.factor", 1),
            Number("message.max.bytes", options.MaximumMessageBytes),
            Number("log.segment.bytes", options.SegmentBytes),
            Number("log.retention.hours", options.RetentionHours),
            Number("log.retention.bytes", options.RetentionBytes),
            Number("socket.request.max.bytes", options.MaximumRequestBytes),
            Number("offsets.retention.minutes", options.OffsetRetentionHours * 60L),
            Text("inter.broker.protocol.version", "4.0", 2),
        ];

        static Entry Number(string name, long value) => Text(name, value.ToString(CultureInfo.InvariantCulture), 5);
        static Entry Text(string name, string value, sbyte type) =>
            new(name, value, StaticBrokerConfiguration, type, value);
    }

    private static void Write(ProtocolWriter response, short version, Entry entry, sbyte resource, bool includeSynonyms)
    {
        response.WriteString(entry.Name);
        response.WriteNullableString(entry.Value);
        response.WriteBoolean(resource == ConfigResource.Broker);
        if (version == 0)
            response.WriteBoolean(entry.Source == DefaultConfiguration);
        else
            response.WriteInt8(entry.Source);
        response.WriteBoolean(false);
        if (version >= 1)
            WriteSynonyms(response, entry, includeSynonyms);
        if (version >= 3)
        {
            response.WriteInt8(entry.Type);
            response.WriteNullableString(null);
        }
        response.WriteNoTags();
    }

    /// <summary>Every value that could apply, the one that does first.</summary>
    private static void WriteSynonyms(ProtocolWriter response, Entry entry, bool include)
    {
        var hasDefault = entry.Source == DynamicTopicConfiguration;
        response.WriteArrayLength(
            !include ? 0
            : hasDefault ? 2
            : 1
        );
        if (!include)
            return;
        WriteSynonym(response, entry.Name, entry.Value, entry.Source);
        if (hasDefault)
            WriteSynonym(response, entry.Name, entry.Default, DefaultConfiguration);
    }

    private static void WriteSynonym(ProtocolWriter response, string name, string? value, sbyte source)
    {
        response.WriteString(name);
        response.WriteNullableString(value);
        response.WriteInt8(source);
        response.WriteNoTags();
    }
}
