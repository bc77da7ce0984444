using Veltrix.Broker.Topics;

namespace Veltrix.Broker.Protocol.Apis;

/// <summary>What both ways of changing settings have in common.</summary>
internal static class ConfigurationChange
{
    public static (ErrorCode Error, string? Message) Apply(
        BrokerNode node,
        sbyte type,
        string name,
        IReadOnlyList<SettingChange> changes,
        bool replaceAll,
        bool validateOnly
    )
    {
        if (type != ConfigResource.Topic)
            return (
                ErrorCode.InvalidRequest,
                "Only topics can be configured; the broker reads its own configuration at start."
            );
        return node.Topics.Find(name) is { } topic
            ? node.Topics.Configure(topic, changes, replaceAll, validateOnly)
            : (MissingTopic(name), null);
    }

    /// <summary>Why there is no topic of that name: nobody made it, or nobody can.</summary>
    public static ErrorCode MissingTopic(string name) =>
        TopicName.IsValid(name) ? ErrorCode.UnknownTopicOrPartition : ErrorCode.InvalidTopic;

    public static void Write(ProtocolWriter response, sbyte type, string name, ErrorCode error, string? message)
    {
        response.WriteError(error);
        response.WriteNullableString(message);
        response.WriteInt8(type);
        response.WriteString(name);
        response.WriteNoTags();
    }
}
