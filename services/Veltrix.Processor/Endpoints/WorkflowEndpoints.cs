using Npgsql;
using NpgsqlTypes;
using Veltrix.Events;
using Veltrix.Processor.Database;
using Veltrix.Processor.Workflows;
using Veltrix.ServiceDefaults.Problems;
using Veltrix.ServiceDefaults.Security;

namespace Veltrix.Processor.Endpoints;

/// <summary>What operators read of the workflows.</summary>
internal static class WorkflowEndpoints
{
    private const int MostRows = 500;
    private const int MostHistory = 1_000;

    private const string Columns = "hunt_id, name, state, clues, clues_found, started_at, updated_at, ended_at";

    // The cursor is the last hunt of the page before: exact, however many began in the same moment.
    private const string List = $"""
        SELECT {Columns} FROM hunts
        WHERE ($1::text IS NULL OR state = $1)
          AND ($2::uuid IS NULL OR sequence < (SELECT sequence FROM hunts WHERE correlation_id = $2))
        ORDER BY sequence DESC LIMIT $3
        """;

    private const string One = $"SELECT {Columns} FROM hunts WHERE correlation_id = $1";

    private const string History = """
        SELECT at, event, player, from_state, to_state, event_id FROM (
            SELECT * FROM hunt_history WHERE correlation_id = $1 ORDER BY sequence DESC LIMIT $2
        ) AS latest
        ORDER BY sequence
        """;

    private static readonly string[] States =
    [
        nameof(HuntStateMachine.Hunting),
        nameof(HuntStateMachine.Completed),
        nameof(HuntStateMachine.Abandoned),
        nameof(HuntStateMachine.TimedOut),
    ];

    public static void MapWorkflows(this IEndpointRouteBuilder routes)
    {
        var group = routes.MapGroup("/workflows").RequireAuthorization(Roles.Operator).AddEndpointFilter(Away.Filter);
        group.MapGet("/hunts", ListAsync);
        group.MapGet("/hunts/{huntId}", OneAsync);
        group.MapGet("/summary", SummaryAsync);
    }

    private static async Task<IResult> ListAsync(
        ProcessingDatabase database,
        CancellationToken cancellation,
        string? state = null,
        string? before = null,
        int limit = 50
    )
    {
        if (limit is < 1 or > MostRows)
            return Limits.Refuse(MostRows);
        if (!string.IsNullOrEmpty(state) && !States.Contains(state, StringComparer.Ordinal))
            return ErrorCatalogue.InvalidRequest.ToProblem($"state must be one of {string.Join(", ", States)}.");
        await using var command = database.Source.CreateCommand(List);
        command.Parameters.Add(Optional(string.IsNullOrEmpty(state) ? null : state, NpgsqlDbType.Text));
        command.Parameters.Add(
            Optional(string.IsNullOrEmpty(before) ? null : HuntIds.Correlation(before), NpgsqlDbType.Uuid)
        );
        command.Parameters.Add(new NpgsqlParameter<int> { TypedValue = limit });
        var hunts = new List<HuntView>();
        await using var reader = await command.ExecuteReaderAsync(cancellation);
        while (await reader.ReadAsync(cancellation))
            hunts.Add(Read(reader));
        return TypedResults.Ok(hunts);
    }

    private static async Task<IResult> OneAsync(
        string huntId,
        ProcessingDatabase database,
        CancellationToken cancellation
    )
    {
        var id = HuntIds.Correlation(huntId);
        await using var batch = database.Source.CreateBatch();
        batch.BatchCommands.Add(
            new NpgsqlBatchCommand(One) { Parameters = { new NpgsqlParameter<Guid> { TypedValue = id } } }
        );
        batch.BatchCommands.Add(
            new NpgsqlBatchCommand(History)
            {
                Parameters =
                {
                    new NpgsqlParameter<Guid> { TypedValue = id },
                    new NpgsqlParameter<int> { TypedValue = MostHistory },
                },
            }
        );
        await using var reader = await batch.ExecuteReaderAsync(cancellation);
        if (!await reader.ReadAsync(cancellation))
            return ErrorCatalogue.NotFound.ToProblem($"There is no hunt '{huntId}'.");
        var hunt = Read(reader);
        await reader.NextResultAsync(cancellation);
        var history = new List<HuntHistoryView>();
        while (await reader.ReadAsync(cancellation))
            history.Add(
                new HuntHistoryView(
                    reader.GetFieldValue<DateTimeOffset>(0),
                    reader.GetString(1),
                    Text(reader, 2),
                    reader.GetString(3),
                    reader.GetString(4),
                    Text(reader, 5)
                )
            );
        return TypedResults.Ok(hunt with { History = history });
    }

    private static async Task<IResult> SummaryAsync(ProcessingDatabase database, CancellationToken cancellation)
    {
        await using var command = database.Source.CreateCommand("SELECT state, count(*) FROM hunts GROUP BY state");
        var counts = States.ToDictionary(state => state, _ => 0L, StringComparer.Ordinal);
        await using var reader = await command.ExecuteReaderAsync(cancellation);
        while (await reader.ReadAsync(cancellation))
            counts[reader.GetString(0)] = reader.GetInt64(1);
        return TypedResults.Ok(counts);
    }

    private static NpgsqlParameter Optional(object? value, NpgsqlDbType type) =>
        new() { Value = value ?? DBNull.Value, NpgsqlDbType = type };

    private static string? Text(NpgsqlDataReader reader, int column) =>
        reader.IsDBNull(column) ? null : reader.GetString(column);

    private static HuntView Read(NpgsqlDataReader row) =>
        new(
            row.GetString(0),
            row.GetString(1),
            row.GetString(2),
            row.GetInt32(3),
            row.GetInt32(4),
            row.GetFieldValue<DateTimeOffset>(5),
            row.GetFieldValue<DateTimeOffset>(6),
            row.IsDBNull(7) ? null : row.GetFieldValue<DateTimeOffset>(7)
        );
}

/// <summary>A hunt; with its history, oldest first, where one hunt was asked for.</summary>
internal sealed record HuntView(
    string HuntId,
    string Name,
    string State,
    int Clues,
    int CluesFound,
    DateTimeOffset StartedAt,
    DateTimeOffset UpdatedAt,
    DateTimeOffset? EndedAt
)
{
    [System.Text.Json.Serialization.JsonIgnore(
        Condition = System.Text.Json.Serialization.JsonIgnoreCondition.WhenWritingNull
    )]
    public IReadOnlyList<HuntHistoryView>? History { get; init; }
}

/// <summary>What happened to a hunt.</summary>
internal sealed record HuntHistoryView(
    DateTimeOffset At,
    string Event,
    string? Player,
    string FromState,
    string ToState,
    string? EventId
);
