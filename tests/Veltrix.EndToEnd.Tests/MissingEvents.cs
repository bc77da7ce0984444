using System.Globalization;
using System.Text;
using System.Text.Json;
using Confluent.Kafka;

namespace Veltrix.EndToEnd.Tests;

/// <summary>Says of acknowledged events without effect where they are: not in Kafka, not consumed, or consumed and gone.</summary>
internal static class MissingEvents
{
    private const string Topic = "players";
    private const string Group = "veltrix-projections";
    private const int MostLines = 20;
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);

    /// <summary>One line for each partition, then one for each event that is in Kafka and was not handled.</summary>
    public static async Task<string> DescribeAsync(Platform platform, LoadReport report)
    {
        var handled = await HandledAsync(platform, report.Source);
        var records = Read(await platform.ConnectionStringAsync("kafka"), report.Source, out var partitions);
        var missing = records.Where(record => !handled.Contains(record.Id)).ToList();
        var text = new StringBuilder(report.ToString()).AppendLine();
        text.AppendLine(
            CultureInfo.InvariantCulture,
            $"in Kafka: {records.Select(record => record.Id).Distinct().Count()}, handled: {handled.Count}"
        );
        foreach (var line in partitions)
            text.AppendLine(line);
        foreach (var record in missing.Take(MostLines))
            text.AppendLine(CultureInfo.InvariantCulture, $"not handled: {record}");
        return text.ToString();
    }

    private static async Task<HashSet<string>> HandledAsync(Platform platform, string source)
    {
        var lines = await platform.Processor.GetStringAsync(
            $"/accounting/events?source={Uri.EscapeDataString(source)}",
            TestContext.Current.CancellationToken
        );
        return
        [
            .. lines
                .Split('\n', StringSplitOptions.RemoveEmptyEntries)
                .Select(line => JsonDocument.Parse(line).RootElement.GetProperty("id").GetString()!),
        ];
    }

    private static List<Record> Read(string bootstrapServers, string source, out List<string> partitions)
    {
        using var consumer = new ConsumerBuilder<byte[], byte[]>(
            new ConsumerConfig
            {
                BootstrapServers = bootstrapServers,
                GroupId = Group,
                EnableAutoCommit = false,
                EnablePartitionEof = true,
            }
        ).Build();
        using var admin = new DependentAdminClientBuilder(consumer.Handle).Build();
        var all = admin
            .GetMetadata(Topic, Patience)
            .Topics[0]
            .Partitions.Select(partition => new TopicPartition(Topic, partition.PartitionId))
            .ToList();
        partitions =
        [
            .. consumer
                .Committed(all, Patience)
                .Select(entry =>
                    $"{entry.TopicPartition}: committed {entry.Offset}, end {consumer.QueryWatermarkOffsets(entry.TopicPartition, Patience).High}"
                ),
        ];
        consumer.Assign(all.Select(partition => new TopicPartitionOffset(partition, Offset.Beginning)));
        var records = new List<Record>();
        for (var open = all.Count; open > 0; )
        {
            var result = consumer.Consume(Patience);
            if (result is null)
                break;
            if (result.IsPartitionEOF)
                open--;
            else if (Text(result, "ce_source") == source)
                records.Add(new Record(Text(result, "ce_id")!, result.TopicPartitionOffset));
        }
        return records;
    }

    private static string? Text(ConsumeResult<byte[], byte[]> result, string header) =>
        result.Message.Headers.TryGetLastBytes(header, out var bytes) ? Encoding.UTF8.GetString(bytes) : null;

    private sealed record Record(string Id, TopicPartitionOffset Place);
}
