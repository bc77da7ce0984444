using Veltrix.Events;

namespace Veltrix.Cli.Processor;

/// <summary>Waits until the processor has handled what was acknowledged, and nothing moves any more.</summary>
internal sealed class Settlement(ProcessorClient processor, TimeProvider time)
{
    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(250);

    /// <summary>
    /// Returns when <paramref name="expected"/> events are handled and two readings in a row agree, or when for
    /// <paramref name="patience"/> there was no progress.
    /// </summary>
    /// <exception cref="CliException">The processor could not be asked even once.</exception>
    public async Task<Accounting> WaitAsync(
        string source,
        string subjectPrefix,
        long expected,
        TimeSpan patience,
        Action<Accounting> progress,
        CancellationToken cancellation
    )
    {
        Accounting? last = null;
        var lastProgress = time.GetTimestamp();
        Exception? failure = null;
        while (true)
        {
            try
            {
                var now = await processor.AccountingAsync(source, subjectPrefix, cancellation);
                if (now == last && now.Handled >= expected)
                    return now;
                if (now != last)
                    lastProgress = time.GetTimestamp();
                last = now;
                progress(now);
            }
            catch (Exception exception) when (Http.IsTransport(exception, cancellation))
            {
                failure = exception;
            }
            if (time.GetElapsedTime(lastProgress) > patience)
                return last
                    ?? throw new CliException(
                        ErrorCatalogue.ServiceUnreachable,
                        $"The processor could not be asked: {failure?.Message}"
                    );
            await Task.Delay(Interval, time, cancellation);
        }
    }
}
