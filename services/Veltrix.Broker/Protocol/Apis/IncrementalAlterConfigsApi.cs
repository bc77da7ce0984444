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
                var (key, operation, value) = (reader.ReadString(), reader.ReadInt8(), reader.ReadNullableString());
                reader.SkipTags();
                if (operation is not (Set or Delete))
                    mistake = (ErrorCode.InvalidConfig, $"Nothing can be appended to {key}, or subtracted from it.");
                if (operation == Set && value is null)
                    mistake = (ErrorCode.InvalidRequest, $"{key} has no value.");
                if (!settings.TryAdd(key, operation == Delete ? null : value))
                    mistake = (ErrorCode.InvalidRequest, $"{key} is named more than once.");
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
                mistake ?? ConfigurationChange.Apply(node, type, name, settings, replaceAll: false, validateOnly);
            ConfigurationChange.Write(response, type, name, error, message);
        }
        response.WriteNoTags();
        return ValueTask.CompletedTask;
    }
}
