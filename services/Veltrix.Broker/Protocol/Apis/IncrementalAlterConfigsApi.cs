namespace Veltrix.Broker.Protocol.Apis;

/// <summary>Sets and removes single settings of topics.</summary>
internal sealed class IncrementalAlterConfigsApi(BrokerNode node)
    : Api(ApiKey.IncrementalAlterConfigs, 0, 1, firstFlexibleVersion: 1)
{
    private const sbyte Set = 0;
    private const sbyte Delete = 1;

    public override ValueTask AnswerAsync(ApiRequest request, ProtocolWriter response, CancellationToken cancellation)
    {
        var reader = request.Read();
        var resources = new List<(sbyte Type, string Name, Dictionary<string, string?> Settings, string? Mistake)>();
        for (var left = reader.ReadArrayLength(); left > 0; left--)
        {
            var (type, name) = (reader.ReadInt8(), reader.ReadString());
            var settings = new Dictionary<string, string?>(StringComparer.Ordinal);
            string? mistake = null;
            for (var entries = reader.ReadArrayLength(); entries > 0; entries--)
            {
                var (key, operation, value) = (reader.ReadString(), reader.ReadInt8(), reader.ReadNullableString());
                reader.SkipTags();
                if (operation is not (Set or Delete))
                    mistake = $"{key} is no list: nothing can be appended to or subtracted from it.";
                settings[key] = operation == Delete ? null : value;
            }
            reader.SkipTags();
            resources.Add((type, name, settings, mistake));
        }
        var validateOnly = reader.ReadBoolean();

        response.WriteInt32(0);
        response.WriteArrayLength(resources.Count);
        foreach (var (type, name, settings, mistake) in resources)
        {
            var (error, message) = mistake is null
                ? ConfigurationChange.Apply(node, type, name, settings, replaceAll: false, validateOnly)
                : (ErrorCode.InvalidConfig, mistake);
            ConfigurationChange.Write(response, type, name, error, message);
        }
        response.WriteNoTags();
        return ValueTask.CompletedTask;
    }
}
