using System.Diagnostics.CodeAnalysis;
using System.Text;
using Confluent.Kafka;
using MassTransit.Transports;

namespace MassTransit.KafkaIntegration;

/// <summary>A record's headers as text; of several with one name the first counts.</summary>
internal sealed class KafkaHeaderProvider(MessageMetadata message) : IHeaderProvider
{
    public IEnumerable<KeyValuePair<string, object>> GetAll() =>
        message
            .Headers.DistinctBy(header => header.Key)
            .Select(header => KeyValuePair.Create(header.Key, (object)Text(header)!));

    public bool TryGetHeader(string key, [NotNullWhen(true)] out object? value)
    {
        value = null;
        foreach (var header in message.Headers)
            if (string.Equals(header.Key, key, StringComparison.Ordinal))
            {
                value = Text(header);
                break;
            }
        return value is not null;
    }

    private static string? Text(IHeader header) =>
        header.GetValueBytes() is { } bytes ? Encoding.UTF8.GetString(bytes) : null;
}
