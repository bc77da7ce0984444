using System.Text.Json;
using Veltrix.Broker.Log;

namespace Veltrix.Broker.Topics;

/// <summary>Which topics exist, on disk: one JSON file, replaced as a whole.</summary>
internal sealed class TopicCatalogue(Disk disk, string path)
{
    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web) { WriteIndented = true };

    public sealed record Entry(string Name, Guid Id, int Partitions, Dictionary<string, string> Configuration);

    public IReadOnlyList<Entry> Load() =>
        File.Exists(path) ? JsonSerializer.Deserialize<List<Entry>>(File.ReadAllBytes(path), Json)! : [];

    public static Entry ToEntry(Topic topic) =>
        new(
            topic.Name,
            topic.Id,
            topic.Partitions.Length,
            new Dictionary<string, string>(topic.Configuration, StringComparer.Ordinal)
        );

    public void Save(IEnumerable<Entry> entries) =>
        disk.Replace(
            path,
            JsonSerializer.SerializeToUtf8Bytes(entries.OrderBy(entry => entry.Name, StringComparer.Ordinal), Json)
        );
}
