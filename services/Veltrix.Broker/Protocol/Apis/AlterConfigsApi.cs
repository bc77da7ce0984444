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
                Dictionary<string, string?> Settings,
                (ErrorCode Error, string? Message)? Mistake
            )>();
        for (var left = reader.ReadArrayLength(); left > 0; left--)
        {
            var (type, name) = (reader.ReadInt8(), reader.ReadString());
            var settings = new Dictionary<string, string?>(StringComparer.Ordinal);
            (ErrorCode Error, string? Message)? mistake = null;
            for (var entries = reader.ReadArrayLength(); entries > 0; entries--)
            {
                var (key, value) = (reader.ReadString(), reader.ReadNullableString());
                if (value is null || !settings.TryAdd(key, value))
                    mistake = (ErrorCode.InvalidRequest, $"{key} has no value, or more than one.");
                reader.SkipTags();
            }
            reader.SkipTags();
            resources.Add((type, name, settings, mistake));
        }
        var validateOnly = reader.ReadBoolean();

        response.WriteInt32(0);
        response.WriteArrayLength(resources.Count);
        foreach (var (type, name, settings, mistake) in resources)
        {
            var (error, message) =
                mistake ?? ConfigurationChange.Apply(node, type, name, settings, replaceAll: true, validateOnly);
            ConfigurationChange.Write(response, type, name, error, message);
        }
        response.WriteNoTags();
        return ValueTask.CompletedTask;
    }
}
