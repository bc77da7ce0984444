using Npgsql;
using StackExchange.Redis;
using Veltrix.Events;
using Veltrix.Processor.Database;
using Veltrix.Processor.Leaderboard;
using Veltrix.ServiceDefaults.Problems;
using Veltrix.ServiceDefaults.Security;

namespace Veltrix.Processor.Endpoints;

/// <summary>What operators read of the read models.</summary>
internal static class ProjectionEndpoints
{
    private const int MostRows = 1_000;

    public static void MapProjections(this IEndpointRouteBuilder routes)
    {
        var group = routes.MapGroup("").RequireAuthorization(Roles.Operator).AddEndpointFilter(Away.Filter);
        group.MapGet("/leaderboard", LeaderboardAsync);
        group.MapPost("/leaderboard/rebuild", RebuildAsync);
        group.MapGet("/projections/players/{player}", PlayerAsync);
        group.MapGet("/projections/github", GitHubAsync);
    }

    private static async Task<IResult> LeaderboardAsync(LeaderboardStore store, HttpContext http, int limit = 10)
    {
        if (limit is < 1 or > MostRows)
            return Limits.Refuse(MostRows);
        try
        {
            return TypedResults.Ok(await store.ReadAsync(limit).WaitAsync(http.RequestAborted));
        }
        catch (Exception away) when (away is RedisException or TimeoutException)
        {
            return Away.Answer(away.Message);
        }
    }

    private static async Task<IResult> RebuildAsync(LeaderboardWriter writer, HttpContext http)
    {
        try
        {
            await writer.RebuildAsync(http.RequestAborted);
            return TypedResults.NoContent();
        }
        catch (Exception away) when (away is RedisException or TimeoutException or NpgsqlException)
        {
            return Away.Answer(away.Message);
        }
    }

    private static async Task<IResult> PlayerAsync(string player, ProcessingDatabase database, HttpContext http)
    {
        await using var command = database.Source.CreateCommand(
            "SELECT player, moves, meters, latitude, longitude, moved_at FROM players WHERE player = $1"
        );
        command.Parameters.Add(new NpgsqlParameter<string> { TypedValue = player });
        await using var reader = await command.ExecuteReaderAsync(http.RequestAborted);
        if (!await reader.ReadAsync(http.RequestAborted))
            return ErrorCatalogue.NotFound.ToProblem($"No event of the player '{player}' was handled.");
        return TypedResults.Ok(
            new PlayerView(
                reader.GetString(0),
                reader.GetInt64(1),
                reader.GetInt64(2),
                reader.GetDouble(3),
                reader.GetDouble(4),
                reader.GetFieldValue<DateTimeOffset>(5)
            )
        );
    }

    private static async Task<IResult> GitHubAsync(ProcessingDatabase database, HttpContext http, int limit = 100)
    {
        if (limit is < 1 or > MostRows)
            return Limits.Refuse(MostRows);
        await using var command = database.Source.CreateCommand(
            "SELECT type, subject, count FROM github_counts ORDER BY count DESC, type, subject LIMIT $1"
        );
        command.Parameters.Add(new NpgsqlParameter<int> { TypedValue = limit });
        var counts = new List<GitHubCountView>();
        await using var reader = await command.ExecuteReaderAsync(http.RequestAborted);
        while (await reader.ReadAsync(http.RequestAborted))
            counts.Add(new GitHubCountView(reader.GetString(0), reader.GetString(1), reader.GetInt64(2)));
        return TypedResults.Ok(counts);
    }
}

/// <summary>A player.</summary>
internal sealed record PlayerView(
    string Player,
    long Moves,
    long Meters,
    double Latitude,
    double Longitude,
    DateTimeOffset MovedAt
);

/// <summary>Events of one type and subject.</summary>
internal sealed record GitHubCountView(string Type, string Subject, long Count);
