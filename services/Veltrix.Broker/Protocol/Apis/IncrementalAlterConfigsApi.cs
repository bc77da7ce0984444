using Veltrix.Broker.Topics;

namespace Veltrix.Broker.Protocol.Apis;

/// <summary>Sets and removes single settings of topics, or parts of those that are lists.</summary>
internal sealed class IncrementalAlterConfigsApi(BrokerNode node)
    : Api(ApiKey.IncrementalAlterConfigs, 0, 1, firstFlexibleVersion: 1)
{
    private sealed record Resource(sbyte Type, string Name, List<SettingChange> Changes, string? Mistake);

    public override ValueTask AnswerAsync(ApiRequest request, ProtocolWriter response, CancellationToken cancellation)
    {
        var reader = request.Read();
        var resources = new List<Resource>();
        for (var left = reader.ReadArrayLength(); left > 0; left--)
            resources.Add(Parse(ref reader));
        var validateOnly = reader.ReadBoolean();

        response.WriteInt32(0);
        response.WriteArrayLength(resources.Count);
        foreach (var (type, name, changes, mistake) in resources)
        {
            var (error, message) = mistake is null
                ? ConfigurationChange.Apply(node, type, name, changes, replaceAll: false, validateOnly)
                : (ErrorCode.InvalidRequest, mistake);
            ConfigurationChange.Write(response, type, name, error, message);
        }
        response.WriteNoTags();
        return ValueTask.CompletedTask;
    }

    private static Resource Parse(ref ProtocolReader reader)
    {
        var (type, name) = (reader.ReadInt8(), reader.ReadString());
        var changes = new List<SettingChange>();
        string? mistake = null;
        for (var left = reader.ReadArrayLength(); left > 0; left--)
        {
            var (key, operation, value) = (reader.ReadString(), reader.ReadInt8(), reader.ReadNullableString());
            reader.SkipTags();
            var change = new SettingChange(key, (SettingOperation)operation, value);
            if (value is null && change.Operation != SettingOperation.Remove)
                mistake = $"{key} has no value.";
            if (changes.Exists(other => other.Name == key))
                mistake = $"{key} is named more than once.";
            changes.Add(change);
        }
        reader.SkipTags();
        return new Resource(type, name, changes, mistake);
    }
}
