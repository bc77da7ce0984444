using Veltrix.ServiceDefaults;

namespace Veltrix.Processor.Database;

/// <summary>Brings the schema up to date at the start, for as long as it takes PostgreSQL to come up.</summary>
internal sealed partial class SchemaService(
    ProcessingDatabase database,
    TimeProvider time,
    ILogger<SchemaService> logger
) : SteadyService(time, logger)
{
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(1);

    protected override async Task RunAsync(CancellationToken stoppingToken)
    {
        while (true)
        {
            try
            {
                await database.MigrateAsync(stoppingToken);
                Log.Ready(logger);
                return;
            }
            catch (Exception failure) when (!stoppingToken.IsCancellationRequested)
            {
                Log.Waiting(logger, failure);
            }
            await Task.Delay(Pause, time, stoppingToken);
        }
    }

    private static partial class Log
    {
        [LoggerMessage(1, LogLevel.Information, "The schema is up to date")]
        public static partial void Ready(ILogger logger);

        [LoggerMessage(2, LogLevel.Warning, "The schema could not be brought up to date yet")]
        public static partial void Waiting(ILogger logger, Exception failure);
    }
}
