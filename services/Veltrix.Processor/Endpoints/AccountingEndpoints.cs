using System.Text.Json;
using Npgsql;
using Veltrix.Events;
using Veltrix.Processor.Database;
using Veltrix.Processor.Projections;
using Veltrix.Processor.Workflows;
using Veltrix.ServiceDefaults.Problems;
using Veltrix.ServiceDefaults.Security;

namespace Veltrix.Processor.Endpoints;

/// <summary>What a sender compares with what it sent.</summary>
internal static class AccountingEndpoints
{
    private const int LongestText = 1_024;
    private const int FlushBytes = 64 * 1024;

    private const string Handled =
        "SELECT count(*) FROM (SELECT DISTINCT id FROM handled_events WHERE source = $1) AS handled";

    // PostgreSQL groups, on disk when it must; here one row at a time is held.
    private const string Events = """
        SELECT id, min(committed_at)
        FROM handled_events LEFT JOIN handled_batches USING (batch)
        WHERE source = $1
        GROUP BY id
        """;

    public static void MapAccounting(this IEndpointRouteBuilder routes)
    {
        var group = routes.MapGroup("/accounting").RequireAuthorization(Roles.Operator).AddEndpointFilter(Away.Filter);
        group.MapGet("", SummaryAsync);
        group.MapGet("/events", EventsAsync);
    }

    private static async Task<IResult> SummaryAsync(
        ProcessingDatabase database,
        IEnumerable<IProjection> projections,
        CancellationToken cancellation,
        string source = "",
        string subjectPrefix = ""
    )
    {
        if (Refuse(source) is { } refused)
            return refused;
        if (subjectPrefix.Length > LongestText || subjectPrefix.Contains('\0'))
            return ErrorCatalogue.InvalidRequest.ToProblem($"subjectPrefix has at most {LongestText} characters.");
        // One snapshot for both numbers, or a batch committed in between would look like a duplicate.
        await using var connection = await database.Source.OpenConnectionAsync(cancellation);
        await using var transaction = await connection.BeginTransactionAsync(
            System.Data.IsolationLevel.RepeatableRead,
            cancellation
        );
        await using var batch = new NpgsqlBatch(connection, transaction)
        {
            BatchCommands = { Query(Handled, source), Query(Effects(projections), subjectPrefix) },
        };
        await using var reader = await batch.ExecuteReaderAsync(cancellation);
        await reader.ReadAsync(cancellation);
        var handled = reader.GetInt64(0);
        await reader.NextResultAsync(cancellation);
        await reader.ReadAsync(cancellation);
        return TypedResults.Ok(new AccountingView(handled, (long)reader.GetDecimal(0)));
    }

    private static async Task<IResult> EventsAsync(
        ProcessingDatabase database,
        HttpContext http,
        CancellationToken cancellation,
        string source = ""
    )
    {
        if (Refuse(source) is { } refused)
            return refused;
        var connection = await database.Source.OpenConnectionAsync(cancellation);
        http.Response.RegisterForDisposeAsync(connection);
        var command = new NpgsqlCommand(Events, connection)
        {
            Parameters = { new NpgsqlParameter<string> { TypedValue = source } },
        };
        http.Response.RegisterForDisposeAsync(command);
        var reader = await command.ExecuteReaderAsync(cancellation);
        http.Response.RegisterForDisposeAsync(reader);
        return Results.Stream(stream => WriteAsync(reader, stream, cancellation), "application/x-ndjson");
    }

    private static async Task WriteAsync(NpgsqlDataReader reader, Stream stream, CancellationToken cancellation)
    {
        using var buffer = new MemoryStream(FlushBytes + LongestText);
        await using var writer = new Utf8JsonWriter(buffer);
        while (await reader.ReadAsync(cancellation))
        {
            writer.WriteStartObject();
            writer.WriteString("id", reader.GetString(0));
            if (await reader.IsDBNullAsync(1, cancellation))
                writer.WriteNull("committedAt");
            else
                writer.WriteNumber("committedAt", UnixMicroseconds(reader.GetDateTime(1)));
            writer.WriteEndObject();
            await writer.FlushAsync(cancellation);
            buffer.WriteByte((byte)'\n');
            writer.Reset();
            if (buffer.Length >= FlushBytes)
                await FlushAsync(buffer, stream, cancellation);
        }
        await FlushAsync(buffer, stream, cancellation);
    }

    private static async Task FlushAsync(MemoryStream buffer, Stream stream, CancellationToken cancellation)
    {
        await stream.WriteAsync(buffer.GetBuffer().AsMemory(0, (int)buffer.Length), cancellation);
        buffer.SetLength(0);
    }

    private static long UnixMicroseconds(DateTime time) =>
        (time - DateTime.UnixEpoch).Ticks / TimeSpan.TicksPerMicrosecond;

    private static IResult? Refuse(string source) =>
        source.Length is 0 or > LongestText || source.Contains('\0')
            ? ErrorCatalogue.InvalidRequest.ToProblem($"source is required and has at most {LongestText} characters.")
            : null;

    /// <summary>What read models and sagas say of themselves, as one sum.</summary>
    private static string Effects(IEnumerable<IProjection> projections)
    {
        var parts = projections.Select(projection => projection.Effects).Append(HuntTable.Effects);
        return $"SELECT {string.Join(" + ", parts.Select(part => $"coalesce(({part}), 0)"))}";
    }

    private static NpgsqlBatchCommand Query(string text, string parameter) =>
        new(text) { Parameters = { new NpgsqlParameter<string> { TypedValue = parameter } } };
}

/// <summary>What happened to a source's events.</summary>
/// <param name="Handled">Distinct events with a committed effect.</param>
/// <param name="Effects">What read models and sagas hold for the subjects asked for.</param>
internal sealed record AccountingView(long Handled, long Effects);
