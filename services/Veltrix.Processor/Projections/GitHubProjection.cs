using System.Runtime.InteropServices;
using Npgsql;
using Veltrix.Events;
using Veltrix.Events.ReferenceWorkload;
using Veltrix.Processor.Database;

namespace Veltrix.Processor.Projections;

/// <summary>How many webhook events of each type every subject had; their data plays no part.</summary>
internal sealed class GitHubProjection : IProjection
{
    private static readonly object NoData = new();

    public string EventType => WorkloadEventTypes.GitHubPrefix + "*";

    public string Effects => "SELECT sum(count) FROM github_counts WHERE starts_with(subject, $1)";

    public object Decode(in EventRecord record) => NoData;

    public IFold CreateFold() => new GitHubFold();
}

/// <summary>How many events of each type and subject a batch adds.</summary>
internal sealed class GitHubFold : IFold
{
    private const string Upsert = """
        INSERT INTO github_counts AS counted (type, subject, count)
        SELECT * FROM unnest($1, $2, $3)
        ON CONFLICT (type, subject) DO UPDATE SET count = counted.count + excluded.count
        """;

    private readonly Dictionary<(string Type, string Subject), long> _counts = [];

    /// <summary>The sums.</summary>
    public IReadOnlyDictionary<(string Type, string Subject), long> Counts => _counts;

    public void Add(in EventRecord record, object data, int position) => Add((record.Type, record.Subject ?? ""), 1);

    public void Merge(IFold other)
    {
        foreach (var (key, count) in ((GitHubFold)other)._counts)
            Add(key, count);
    }

    public bool Write(NpgsqlBatch batch)
    {
        if (_counts.Count == 0)
            return false;
        var keys = _counts.Keys.ToArray();
        Array.Sort(keys, Compare);
        batch.BatchCommands.Add(
            new NpgsqlBatchCommand(Upsert)
            {
                Parameters =
                {
                    Parameter.Array([.. keys.Select(key => key.Type)]),
                    Parameter.Array([.. keys.Select(key => key.Subject)]),
                    Parameter.Array([.. keys.Select(key => _counts[key])]),
                },
            }
        );
        return false;
    }

    public void Read(NpgsqlDataReader row) { }

    public void Committed() { }

    private static int Compare((string Type, string Subject) one, (string Type, string Subject) other)
    {
        var byType = string.CompareOrdinal(one.Type, other.Type);
        return byType != 0 ? byType : string.CompareOrdinal(one.Subject, other.Subject);
    }

    private void Add((string Type, string Subject) key, long count) =>
        CollectionsMarshal.GetValueRefOrAddDefault(_counts, key, out _) += count;
}
