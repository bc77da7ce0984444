using Confluent.Kafka;
using Veltrix.Events;
using Veltrix.Processor.Consuming;
using Veltrix.Processor.Database;
using Veltrix.ServiceDefaults.Configuration;

namespace Veltrix.Processor.Projections;

/// <summary>
/// Brings a polled batch to its effect in one transaction: handled_events decides what is new, only that is folded,
/// and read models, dead letters and handled_events are committed together.
/// </summary>
internal sealed class ProjectionHandler(
    ProcessingDatabase database,
    IEnumerable<IProjection> projections,
    IPlatformConfiguration configuration,
    ProcessorMetrics metrics,
    TimeProvider time
) : IBatchHandler
{
    private readonly IProjection[] _projections = [.. projections];

    public string Purpose => Purposes.Projections;

    public CommittedBatches Committed { get; } = new(database.Source, time);

    public async Task HandleAsync(IReadOnlyList<ConsumeResult<byte[], byte[]>> records, CancellationToken cancellation)
    {
        var started = time.GetTimestamp();
        var workers = configuration.Current.Configuration.Processor.Workers;
        var batch = await ProjectionBatch.DecodeAsync(records, _projections, workers);
        var keys = batch.Keys();
        var unusable = batch.Unusable();
        if (keys.Count == 0 && unusable.Count == 0)
        {
            // All of it is other purposes' business: topics are shared, and read on where a route has left.
            metrics.BatchHandled(Purpose, new BatchOutcome(0, 0, 0, records.Count), time.GetElapsedTime(started));
            return;
        }

        await using var transaction = await BatchTransaction.BeginAsync(
            database.Source,
            Purpose,
            keys,
            records.Count,
            query: null,
            read: null,
            cancellation
        );
        var folds = await batch.FoldAsync(transaction.IsNew);
        await CommitAsync(transaction, folds, unusable, cancellation);

        var committedAt = Committed.Measure(transaction.Batch);
        foreach (var fold in folds)
            fold.Committed();
        metrics.BatchHandled(
            Purpose,
            new BatchOutcome(transaction.NewCount, keys.Count - transaction.NewCount, unusable.Count, records.Count),
            time.GetElapsedTime(started)
        );
        foreach (var letter in unusable)
            metrics.PutAside(letter.Fault);
        foreach (var happened in batch.Times(transaction.IsNew))
            metrics.EventHandled(Purpose, committedAt - happened);
    }

    public async Task PutAsideAsync(
        ConsumeResult<byte[], byte[]> record,
        Exception failure,
        CancellationToken cancellation
    )
    {
        var letter = new DeadLetter(record, new EventFault(ErrorCatalogue.UnusableData, failure.Message));
        await using var insert = database.Source.CreateBatch();
        insert.BatchCommands.Add(DeadLetters.InsertAll(Purpose, [letter]));
        await insert.ExecuteNonQueryAsync(cancellation);
        metrics.BatchHandled(Purpose, new BatchOutcome(0, 0, 1, 1), TimeSpan.Zero);
        metrics.PutAside(letter.Fault);
    }

    private async Task CommitAsync(
        BatchTransaction transaction,
        IReadOnlyList<IFold> folds,
        List<DeadLetter> unusable,
        CancellationToken cancellation
    )
    {
        var readers = new List<IFold>();
        long[] measured = [];
        await transaction.CommitAsync(
            effects =>
            {
                foreach (var fold in folds)
                    if (fold.Write(effects))
                        readers.Add(fold);
                if (unusable.Count > 0)
                    effects.BatchCommands.Add(DeadLetters.InsertAll(Purpose, unusable));
                measured = Committed.AddTo(effects);
            },
            (result, row) => readers[result].Read(row),
            cancellation
        );
        Committed.Written(measured);
    }
}
