using Npgsql;
using Veltrix.ServiceDefaults;
using Veltrix.ServiceDefaults.Configuration;

namespace Veltrix.Processor.Database;

/// <summary>
/// Keeps the tables bounded: what was handled longer ago than Kafka keeps records can never be delivered again. Also
/// writes the commit times that no later batch took along.
/// </summary>
internal sealed partial class HousekeepingService(
    ProcessingDatabase database,
    IEnumerable<CommittedBatches> committed,
    IPlatformConfiguration configuration,
    TimeProvider time,
    ILogger<HousekeepingService> logger
) : SteadyService(time, logger)
{
    // A statement that deletes more would hold its locks, and the vacuum, for too long.
    private const int BatchesPerDelete = 200;

    private const string Delete = """
        WITH old AS (
            DELETE FROM handled_batches WHERE batch IN (
                SELECT batch FROM handled_batches WHERE committed_at < $1 ORDER BY batch LIMIT $2 FOR UPDATE SKIP LOCKED
            )
            RETURNING batch
        )
        DELETE FROM handled_events USING old WHERE handled_events.batch = old.batch
        """;

    private static readonly TimeSpan Flush = TimeSpan.FromMilliseconds(500);
    private static readonly TimeSpan Sweep = TimeSpan.FromMinutes(1);

    // Kafka deletes whole segments, so records outlive their retention by as much as one may span.
    private static readonly TimeSpan SegmentSpan = TimeSpan.FromDays(1);

    private TimeSpan Retention =>
        TimeSpan.FromHours(
            configuration
                .Current.Configuration.Clusters.SelectMany(cluster => cluster.Topics)
                .Max(topic => topic.RetentionHours)
        ) + SegmentSpan;

    protected override async Task RunAsync(CancellationToken stoppingToken)
    {
        await database.ReadyAsync(stoppingToken);
        var swept = time.GetTimestamp();
        using var timer = new PeriodicTimer(Flush, time);
        while (await timer.WaitForNextTickAsync(stoppingToken))
        {
            try
            {
                foreach (var purpose in committed)
                    await purpose.FlushAsync(stoppingToken);
                if (time.GetElapsedTime(swept) < Sweep)
                    continue;
                await SweepAsync(stoppingToken);
                swept = time.GetTimestamp();
            }
            catch (Exception failure) when (!stoppingToken.IsCancellationRequested)
            {
                Log.Later(logger, failure.Message);
            }
        }
    }

    /// <summary>Deletes what is older than the retention, some batches at a time.</summary>
    /// <returns>Events deleted.</returns>
    public async Task<long> SweepAsync(CancellationToken cancellation)
    {
        long events = 0;
        while (true)
        {
            await using var command = database.Source.CreateCommand(Delete);
            command.Parameters.Add(
                new NpgsqlParameter<DateTime> { TypedValue = (time.GetUtcNow() - Retention).UtcDateTime }
            );
            command.Parameters.Add(new NpgsqlParameter<int> { TypedValue = BatchesPerDelete });
            var deleted = await command.ExecuteNonQueryAsync(cancellation);
            if (deleted == 0)
                return events;
            events += deleted;
            Log.Deleted(logger, deleted);
        }
    }

    private static partial class Log
    {
        [LoggerMessage(1, LogLevel.Information, "Forgot {Count} handled events beyond their retention")]
        public static partial void Deleted(ILogger logger, int count);

        [LoggerMessage(2, LogLevel.Warning, "Housekeeping waits: {Reason}")]
        public static partial void Later(ILogger logger, string reason);
    }
}
