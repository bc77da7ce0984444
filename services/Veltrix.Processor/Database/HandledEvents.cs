using Npgsql;

namespace Veltrix.Processor.Database;

/// <summary>One event on its way to its effect.</summary>
/// <param name="Position">Place in its batch; unique and growing in the order of arrival.</param>
/// <param name="Source">The event's source.</param>
/// <param name="Id">The event's id within its source.</param>
internal readonly record struct EventIdentity(int Position, string Source, string Id);

/// <summary>The statement that decides which events of a batch are new.</summary>
internal static class HandledEvents
{
    // The rows go in sorted: transactions of two nodes that meet on the same events wait for each other instead of
    // locking each other out. The first of two events with one key inside the batch wins, as in any other redelivery.
    private const string Insert = """
        INSERT INTO handled_events (batch, position, purpose, source, id)
        SELECT (SELECT currval('batches')), event.position, $1::purpose, event.source, event.id
        FROM unnest($2, $3, $4) AS event (position, source, id)
        ON CONFLICT DO NOTHING
        RETURNING position
        """;

    private const string Remove = "DELETE FROM handled_events WHERE batch = $1 AND position = ANY ($2)";

    /// <summary>Inserts the keys into the batch that <see cref="CommittedBatches.Begin"/> began, and answers the positions of the new ones.</summary>
    public static NpgsqlBatchCommand InsertNew(string purpose, List<EventIdentity> keys)
    {
        keys.Sort(static (one, other) => Compare(one, other));
        var positions = new int[keys.Count];
        var sources = new string[keys.Count];
        var ids = new string[keys.Count];
        for (var index = 0; index < keys.Count; index++)
            (positions[index], sources[index], ids[index]) = keys[index];
        return new NpgsqlBatchCommand(Insert)
        {
            Parameters =
            {
                Parameter.Purpose(purpose),
                Parameter.Array(positions),
                Parameter.Array(sources),
                Parameter.Array(ids),
            },
        };
    }

    /// <summary>Takes back events of this batch that had no effect after all.</summary>
    public static NpgsqlBatchCommand Forget(long batch, int[] positions) =>
        new(Remove)
        {
            Parameters =
            {
                new NpgsqlParameter<long> { TypedValue = batch },
                Parameter.Array(positions),
            },
        };

    private static int Compare(EventIdentity one, EventIdentity other)
    {
        var bySource = string.CompareOrdinal(one.Source, other.Source);
        if (bySource != 0)
            return bySource;
        var byId = string.CompareOrdinal(one.Id, other.Id);
        return byId != 0 ? byId : one.Position.CompareTo(other.Position);
    }
}
