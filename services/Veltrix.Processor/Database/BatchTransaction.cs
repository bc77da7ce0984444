using System.Collections;
using Npgsql;

namespace Veltrix.Processor.Database;

/// <summary>
/// The one transaction of a polled batch, in two round trips: the first begins it and decides which events are new,
/// the second writes their effects and commits. Disposed without a commit it is rolled back.
/// </summary>
internal sealed class BatchTransaction : IAsyncDisposable
{
    private readonly NpgsqlConnection _connection;
    private readonly BitArray _new;

    private BatchTransaction(NpgsqlConnection connection, int positions)
    {
        _connection = connection;
        _new = new BitArray(positions);
    }

    /// <summary>Number of the batch in handled_batches.</summary>
    public long Batch { get; private set; }

    /// <summary>How many events are new.</summary>
    public int NewCount { get; private set; }

    /// <summary>Whether the event at <paramref name="position"/> has had no effect yet.</summary>
    public bool IsNew(int position) => _new[position];

    /// <summary>Begins.</summary>
    /// <param name="source">The pool.</param>
    /// <param name="purpose">Whose effects.</param>
    /// <param name="keys">The events; sorted in place.</param>
    /// <param name="positions">Number of positions, at least the highest one of <paramref name="keys"/> plus one.</param>
    /// <param name="query">What to read in the same round trip.</param>
    /// <param name="read">Reads one row of <paramref name="query"/>.</param>
    /// <param name="cancellation">Rolls back.</param>
    public static async Task<BatchTransaction> BeginAsync(
        NpgsqlDataSource source,
        string purpose,
        List<EventIdentity> keys,
        int positions,
        NpgsqlBatchCommand? query,
        Action<NpgsqlDataReader>? read,
        CancellationToken cancellation
    )
    {
        var transaction = new BatchTransaction(await source.OpenConnectionAsync(cancellation), positions);
        try
        {
            await transaction.BeginAsync(purpose, keys, query, read, cancellation);
            return transaction;
        }
        catch
        {
            await transaction.DisposeAsync();
            throw;
        }
    }

    private async Task BeginAsync(
        string purpose,
        List<EventIdentity> keys,
        NpgsqlBatchCommand? query,
        Action<NpgsqlDataReader>? read,
        CancellationToken cancellation
    )
    {
        await using var batch = new NpgsqlBatch(_connection)
        {
            BatchCommands =
            {
                new NpgsqlBatchCommand("BEGIN"),
                CommittedBatches.Begin(purpose),
                HandledEvents.InsertNew(purpose, keys),
            },
        };
        if (query is not null)
            batch.BatchCommands.Add(query);
        await using var reader = await batch.ExecuteReaderAsync(cancellation);
        await reader.ReadAsync(cancellation);
        Batch = reader.GetInt64(0);
        await reader.NextResultAsync(cancellation);
        while (await reader.ReadAsync(cancellation))
        {
            _new[reader.GetInt32(0)] = true;
            NewCount++;
        }
        if (read is not null && await reader.NextResultAsync(cancellation))
            while (await reader.ReadAsync(cancellation))
                read(reader);
    }

    /// <summary>Writes and commits.</summary>
    /// <param name="effects">The statements of the effects.</param>
    /// <param name="read">Reads one row that an effect returned, with the number of that effect's result set.</param>
    /// <param name="cancellation">Rolls back, unless the commit was already on its way.</param>
    public async Task CommitAsync(
        Action<NpgsqlBatch> effects,
        Action<int, NpgsqlDataReader>? read,
        CancellationToken cancellation
    )
    {
        await using var batch = new NpgsqlBatch(_connection);
        effects(batch);
        batch.BatchCommands.Add(new NpgsqlBatchCommand("COMMIT"));
        await using var reader = await batch.ExecuteReaderAsync(cancellation);
        var result = 0;
        do
        {
            while (await reader.ReadAsync(cancellation))
                read?.Invoke(result, reader);
            result++;
        } while (await reader.NextResultAsync(cancellation));
    }

    /// <summary>Gives the connection back; the pool rolls an open transaction back.</summary>
    public ValueTask DisposeAsync() => _connection.DisposeAsync();
}
