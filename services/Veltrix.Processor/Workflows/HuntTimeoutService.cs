using Npgsql;
using Veltrix.Processor.Database;
using Veltrix.ServiceDefaults;

namespace Veltrix.Processor.Workflows;

/// <summary>
/// Ends hunts whose deadline has passed. The deadline stands in the hunt's row, so it survives any restart; replicas
/// share the work by SKIP LOCKED. One statement moves a whole page, since a timeout changes nothing but the state; the
/// version makes a batch that read such a hunt before start over.
/// </summary>
internal sealed partial class HuntTimeoutService(
    ProcessingDatabase database,
    TimeProvider time,
    ILogger<HuntTimeoutService> logger
) : SteadyService(time, logger)
{
    private const int HuntsPerStatement = 500;

    private const string Expire = $"""
        WITH due AS (
            SELECT correlation_id FROM hunts
            WHERE state = '{nameof(HuntStateMachine.Hunting)}' AND deadline_at <= $1
            ORDER BY deadline_at LIMIT $2
            FOR UPDATE SKIP LOCKED
        ), expired AS (
            UPDATE hunts SET
                state = '{nameof(HuntStateMachine.TimedOut)}',
                version = hunts.version + 1,
                updated_at = $1,
                ended_at = $1
            FROM due WHERE hunts.correlation_id = due.correlation_id
            RETURNING hunts.correlation_id
        )
        INSERT INTO hunt_history (correlation_id, at, event, from_state, to_state)
        SELECT correlation_id, $1, 'timeout', '{nameof(HuntStateMachine.Hunting)}', '{nameof(
            HuntStateMachine.TimedOut
        )}'
        FROM expired
        """;

    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(1);

    /// <summary>Ends the hunts that are due.</summary>
    /// <returns>How many.</returns>
    public async Task<int> ExpireAsync(CancellationToken cancellation)
    {
        var total = 0;
        while (true)
        {
            await using var command = database.Source.CreateCommand(Expire);
            command.Parameters.Add(new NpgsqlParameter<DateTime> { TypedValue = time.GetUtcNow().UtcDateTime });
            command.Parameters.Add(new NpgsqlParameter<int> { TypedValue = HuntsPerStatement });
            var expired = await command.ExecuteNonQueryAsync(cancellation);
            total += expired;
            if (expired < HuntsPerStatement)
                return total;
        }
    }

    protected override async Task RunAsync(CancellationToken stoppingToken)
    {
        await database.ReadyAsync(stoppingToken);
        using var timer = new PeriodicTimer(Interval, time);
        while (await timer.WaitForNextTickAsync(stoppingToken))
        {
            try
            {
                if (await ExpireAsync(stoppingToken) is > 0 and var expired)
                    Log.Expired(logger, expired);
            }
            catch (Exception failure) when (!stoppingToken.IsCancellationRequested)
            {
                Log.Later(logger, failure.Message);
            }
        }
    }

    private static partial class Log
    {
        [LoggerMessage(1, LogLevel.Information, "{Count} hunts timed out")]
        public static partial void Expired(ILogger logger, int count);

        [LoggerMessage(2, LogLevel.Warning, "Timeouts of hunts wait: {Reason}")]
        public static partial void Later(ILogger logger, string reason);
    }
}
