using Veltrix.Broker.Topics;

namespace Veltrix.Broker.Protocol.Apis;

/// <summary>Replaces all settings of topics. The broker's own settings come from its configuration only.</summary>
internal sealed class AlterConfigsApi(BrokerNode node) : Api(ApiKey.AlterConfigs, 0, 2, firstFlexibleVersion: 2)
{
    public override ValueTask AnswerAsync(ApiRequest request, ProtocolWriter response, CancellationToken cancellation)
    {
        var reader = request.Read();
        var resources =
            new List<(
                sbyte Type,
                string Name,
                List<SettingChange> Changes,
                (ErrorCode Error, string? Message)? Mistake
            )>();
        for (var left = reader.ReadArrayLength(); left > 0; left--)
        {
            var (type, name) = (reader.ReadInt8(), reader.ReadString());
            var changes = new List<SettingChange>();
            (ErrorCode Error, string? Message)? mistake = null;
            for (var entries = reader.ReadArrayLength(); entries > 0; entries--)
            {
                var (key, value) = (reader.ReadString(), reader.ReadNullableString());
                if (value is null || changes.Exists(other => other.Name == key))
                    mistake = (ErrorCode.InvalidRequest, $"{key} has no value, or more than one.");
                changes.Add(new SettingChange(key, SettingOperation.Set, value));
                reader.SkipTags();
            }
            reader.SkipTags();
            resources.Add((type, name, changes, mistake));
        }
        var validateOnly = reader.ReadBoolean();

        response.WriteInt32(0);
        response.WriteArrayLength(resources.Count);
        foreach (var (type, name, changes, mistake) in resources)
        {
            var (error, message) =
                mistake ?? ConfigurationChange.Apply(node, type, name, changes, replaceAll: true, validateOnly);
            ConfigurationChange.Write(response, type, name, error, message);
        }
        response.WriteNoTags();
        return ValueTask.CompletedTask;
    }
}
