using Confluent.Kafka;
using Veltrix.Configuration;
using Veltrix.Processor.Database;
using Veltrix.ServiceDefaults;

namespace Veltrix.Processor.Consuming;

/// <summary>
/// Repeats a batch until it is handled or cancelled. What passes by itself (a server away, a serialization failure) is
/// waited for; a batch that fails for a reason of its own is halved until the record to blame stands alone and is put aside.
/// </summary>
internal sealed partial class PersistentHandling(
    IBatchHandler handler,
    Func<ProcessorConfiguration> limits,
    ProcessorMetrics metrics,
    TimeProvider time,
    ILogger<PersistentHandling> logger
)
{
    /// <summary>Completes when every record had its effect or was put aside.</summary>
    /// <exception cref="OperationCanceledException">The batch was abandoned; nothing, or a part of it, had its effect.</exception>
    public async Task HandleAsync(IReadOnlyList<ConsumeResult<byte[], byte[]>> records, CancellationToken cancellation)
    {
        for (var attempt = 0; ; attempt++)
        {
            try
            {
                using var timeout = new CancellationTokenSource(
                    TimeSpan.FromMilliseconds(limits().HandlerTimeoutMilliseconds),
                    time
                );
                using var either = CancellationTokenSource.CreateLinkedTokenSource(timeout.Token, cancellation);
                await handler.HandleAsync(records, either.Token);
                return;
            }
            catch (Exception failure) when (!cancellation.IsCancellationRequested)
            {
                if (!TransientFailure.Is(failure))
                {
                    await DivideAsync(records, failure, cancellation);
                    return;
                }
                metrics.AttemptFailed(records.Count);
                Log.Repeating(logger, handler.Purpose, records.Count, attempt + 1, failure);
            }
            await PauseAsync(attempt, cancellation);
        }
    }

    private async Task DivideAsync(
        IReadOnlyList<ConsumeResult<byte[], byte[]>> records,
        Exception failure,
        CancellationToken cancellation
    )
    {
        if (records.Count > 1)
        {
            Log.Dividing(logger, handler.Purpose, records.Count, failure);
            var half = records.Count / 2;
            await HandleAsync([.. records.Take(half)], cancellation);
            await HandleAsync([.. records.Skip(half)], cancellation);
            return;
        }
        for (var attempt = 0; ; attempt++)
        {
            try
            {
                await handler.PutAsideAsync(records[0], failure, cancellation);
                return;
            }
            catch (Exception again) when (!cancellation.IsCancellationRequested)
            {
                Log.Repeating(logger, handler.Purpose, records.Count, attempt + 1, again);
            }
            await PauseAsync(attempt, cancellation);
        }
    }

    private Task PauseAsync(int attempt, CancellationToken cancellation)
    {
        var retry = limits().Retry;
        // Half of it by chance, so that replicas that met in a conflict do not meet again.
        var pause = BackOff.Delay(
            attempt,
            TimeSpan.FromMilliseconds(retry.FirstMilliseconds),
            TimeSpan.FromMilliseconds(retry.LongestMilliseconds)
        );
        return Task.Delay(pause, time, cancellation);
    }

    private static partial class Log
    {
        [LoggerMessage(
            1,
            LogLevel.Warning,
            "A batch of {Purpose} with {Count} records failed at attempt {Attempt} and is repeated"
        )]
        public static partial void Repeating(ILogger logger, string purpose, int count, int attempt, Exception failure);

        [LoggerMessage(
            2,
            LogLevel.Warning,
            "A batch of {Purpose} with {Count} records cannot be handled as a whole and is divided"
        )]
        public static partial void Dividing(ILogger logger, string purpose, int count, Exception failure);
    }
}
