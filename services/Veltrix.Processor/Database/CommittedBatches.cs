using Npgsql;

namespace Veltrix.Processor.Database;

/// <summary>
/// When the batches of one purpose were committed, as measured by the node after the commit. The row is there from the
/// batch's own transaction on, with an estimate; the measured time goes along with a later transaction, at no cost.
/// </summary>
internal sealed class CommittedBatches(NpgsqlDataSource source, TimeProvider time)
{
    private const int MostMeasured = 1_000;

    private const string Insert = """
        INSERT INTO handled_batches (batch, purpose, committed_at)
        VALUES (nextval('batches'), $1::purpose, clock_timestamp())
        RETURNING batch
        """;

    private const string Correct = """
        UPDATE handled_batches SET committed_at = measured.committed_at
        FROM unnest($1, $2) AS measured (batch, committed_at)
        WHERE handled_batches.batch = measured.batch
        """;

    private readonly Lock _gate = new();
    private readonly Dictionary<long, DateTime> _measured = [];

    /// <summary>Begins a batch and answers its number.</summary>
    public static NpgsqlBatchCommand Begin(string purpose) =>
        new(Insert) { Parameters = { Parameter.Purpose(purpose) } };

    /// <summary>Call right after the commit.</summary>
    public DateTimeOffset Measure(long batch)
    {
        var now = time.GetUtcNow();
        lock (_gate)
        {
            // Beyond the limit the estimate stays.
            if (_measured.Count < MostMeasured)
                _measured[batch] = now.UtcDateTime;
        }
        return now;
    }

    /// <summary>Adds the measured times to <paramref name="batch"/>; pass the result to <see cref="Written"/> once that was committed.</summary>
    public long[] AddTo(NpgsqlBatch batch)
    {
        long[] batches;
        DateTime[] times;
        lock (_gate)
        {
            if (_measured.Count == 0)
                return [];
            batches = [.. _measured.Keys];
            times = [.. _measured.Values];
        }
        batch.BatchCommands.Add(
            new NpgsqlBatchCommand(Correct) { Parameters = { Parameter.Array(batches), Parameter.Array(times) } }
        );
        return batches;
    }

    /// <summary>Forgets times that are in the database now.</summary>
    public void Written(long[] batches)
    {
        lock (_gate)
        {
            foreach (var batch in batches)
                _measured.Remove(batch);
        }
    }

    /// <summary>Writes what no later batch took along.</summary>
    public async Task FlushAsync(CancellationToken cancellation)
    {
        await using var connection = await source.OpenConnectionAsync(cancellation);
        await using var batch = new NpgsqlBatch(connection);
        var batches = AddTo(batch);
        if (batches.Length == 0)
            return;
        await batch.ExecuteNonQueryAsync(cancellation);
        Written(batches);
    }
}
