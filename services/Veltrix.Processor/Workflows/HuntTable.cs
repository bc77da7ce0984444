using Npgsql;
using NpgsqlTypes;
using Veltrix.Processor.Database;

namespace Veltrix.Processor.Workflows;

/// <summary>Hunts in PostgreSQL: a whole batch by one statement each.</summary>
internal static class HuntTable
{
    /// <summary>A query of one number: how many events changed the hunts whose id starts with <c>$1</c>.</summary>
    public const string Effects = "SELECT sum(events_applied) FROM hunts WHERE starts_with(hunt_id, $1)";

    private const string Columns =
        "correlation_id, hunt_id, state, version, events_applied, name, clues, found, clues_found, started_at, updated_at, ended_at, deadline_at";

    private const string SelectAll = $"SELECT {Columns} FROM hunts WHERE correlation_id = ANY ($1)";

    private const string InsertAll = $"""
        WITH written AS (
            INSERT INTO hunts ({Columns})
            SELECT * FROM unnest($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13)
            ON CONFLICT DO NOTHING
            RETURNING 1
        )
        SELECT demand_rows(count(*), $14) FROM written
        """;

    private const string UpdateAll = $"""
        WITH written AS (
            UPDATE hunts SET
                state = changed.state,
                version = changed.version,
                events_applied = changed.events_applied,
                found = changed.found,
                clues_found = changed.clues_found,
                updated_at = changed.updated_at,
                ended_at = changed.ended_at
            FROM unnest($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13) AS changed ({Columns})
            WHERE hunts.correlation_id = changed.correlation_id AND hunts.version = changed.version - 1
            RETURNING 1
        )
        SELECT demand_rows(count(*), $14) FROM written
        """;

    private const string InsertEntries = """
        INSERT INTO hunt_history (correlation_id, at, event, player, from_state, to_state, event_id)
        SELECT * FROM unnest($1, $2, $3, $4, $5, $6, $7)
        """;

    /// <summary>Reads the hunts with these ids, those that exist.</summary>
    public static NpgsqlBatchCommand Select(Guid[] ids) => new(SelectAll) { Parameters = { Parameter.Array(ids) } };

    /// <summary>Reads one row of <see cref="Select"/>.</summary>
    public static HuntState Read(NpgsqlDataReader row) =>
        new()
        {
            CorrelationId = row.GetGuid(0),
            HuntId = row.GetString(1),
            CurrentState = row.GetString(2),
            Version = row.GetInt32(3),
            EventsApplied = row.GetInt64(4),
            Name = row.GetString(5),
            Clues = row.GetInt32(6),
            Found = row.GetFieldValue<byte[]>(7),
            CluesFound = row.GetInt32(8),
            StartedAt = row.GetFieldValue<DateTimeOffset>(9),
            UpdatedAt = row.GetFieldValue<DateTimeOffset>(10),
            EndedAt = row.IsDBNull(11) ? null : row.GetFieldValue<DateTimeOffset>(11),
            DeadlineAt = row.GetFieldValue<DateTimeOffset>(12),
        };

    /// <summary>Inserts hunts; fails as a serialization failure when another node was faster with one of them.</summary>
    public static NpgsqlBatchCommand Insert(List<HuntState> hunts) => Write(InsertAll, hunts, version: _ => 1);

    /// <summary>Writes hunts; fails as a serialization failure when one of them has changed since it was read.</summary>
    public static NpgsqlBatchCommand Update(List<HuntState> hunts) =>
        Write(UpdateAll, hunts, version: hunt => hunt.Version + 1);

    /// <summary>Adds lines to the histories.</summary>
    public static NpgsqlBatchCommand InsertHistory(List<HuntHistoryEntry> entries) =>
        new(InsertEntries)
        {
            Parameters =
            {
                Parameter.Array([.. entries.Select(entry => entry.CorrelationId)]),
                Parameter.Array([.. entries.Select(entry => entry.At.UtcDateTime)]),
                Parameter.Array([.. entries.Select(entry => entry.Event)]),
                Parameter.Array([.. entries.Select(entry => entry.Player)], NpgsqlDbType.Text),
                Parameter.Array([.. entries.Select(entry => entry.FromState)]),
                Parameter.Array([.. entries.Select(entry => entry.ToState)]),
                Parameter.Array([.. entries.Select(entry => entry.EventId)], NpgsqlDbType.Text),
            },
        };

    private static NpgsqlBatchCommand Write(string text, List<HuntState> hunts, Func<HuntState, int> version) =>
        new(text)
        {
            Parameters =
            {
                Parameter.Array([.. hunts.Select(hunt => hunt.CorrelationId)]),
                Parameter.Array([.. hunts.Select(hunt => hunt.HuntId)]),
                Parameter.Array([.. hunts.Select(hunt => hunt.CurrentState)]),
                Parameter.Array([.. hunts.Select(version)]),
                Parameter.Array([.. hunts.Select(hunt => hunt.EventsApplied)]),
                Parameter.Array([.. hunts.Select(hunt => hunt.Name)]),
                Parameter.Array([.. hunts.Select(hunt => hunt.Clues)]),
                Parameter.Array([.. hunts.Select(hunt => hunt.Found)]),
                Parameter.Array([.. hunts.Select(hunt => hunt.CluesFound)]),
                Parameter.Array([.. hunts.Select(hunt => hunt.StartedAt.UtcDateTime)]),
                Parameter.Array([.. hunts.Select(hunt => hunt.UpdatedAt.UtcDateTime)]),
                Parameter.Array([.. hunts.Select(hunt => hunt.EndedAt?.UtcDateTime)]),
                Parameter.Array([.. hunts.Select(hunt => hunt.DeadlineAt.UtcDateTime)]),
                new NpgsqlParameter<long> { TypedValue = hunts.Count },
            },
        };
}
