using Confluent.Kafka;
using Veltrix.Configuration;
using Veltrix.Events;
using Veltrix.Processor.Consuming;
using Veltrix.Processor.Database;

namespace Veltrix.Processor.Projections;

/// <summary>
/// One polled batch on its way through the projections: decoded, then folded, both by several workers that share the
/// records by a hash of their keys, so that each key's events stay in their order.
/// </summary>
internal sealed class ProjectionBatch
{
    private readonly IReadOnlyList<ConsumeResult<byte[], byte[]>> _records;
    private readonly IReadOnlyList<IProjection> _projections;
    private readonly EventTypeConfiguration[] _types;
    private readonly int _workers;
    private readonly byte[] _workerOf;
    private readonly DecodedEvent?[] _events;
    private readonly EventFault?[] _faults;

    private ProjectionBatch(
        IReadOnlyList<ConsumeResult<byte[], byte[]>> records,
        IReadOnlyList<IProjection> projections,
        int workers
    )
    {
        _records = records;
        _projections = projections;
        _types = [.. projections.Select(projection => new EventTypeConfiguration(projection.EventType, ""))];
        _workers = Math.Clamp(workers, 1, byte.MaxValue);
        _workerOf = new byte[records.Count];
        _events = new DecodedEvent?[records.Count];
        _faults = new EventFault?[records.Count];
        for (var position = 0; position < records.Count; position++)
            _workerOf[position] = (byte)(KeyHash.Of(records[position].Message.Key) % (uint)_workers);
    }

    /// <summary>Reads all records.</summary>
    public static async Task<ProjectionBatch> DecodeAsync(
        IReadOnlyList<ConsumeResult<byte[], byte[]>> records,
        IReadOnlyList<IProjection> projections,
        int workers
    )
    {
        var batch = new ProjectionBatch(records, projections, workers);
        await batch.ShareAsync(batch.Decode);
        return batch;
    }

    /// <summary>Number of records.</summary>
    public int Count => _records.Count;

    /// <summary>The events that a projection handles.</summary>
    public List<EventIdentity> Keys()
    {
        var keys = new List<EventIdentity>(_events.Length);
        for (var position = 0; position < _events.Length; position++)
            if (_events[position] is { } decoded)
                keys.Add(new EventIdentity(position, decoded.Record.Source, decoded.Record.Id));
        return keys;
    }

    /// <summary>The records that cannot be handled.</summary>
    public List<DeadLetter> Unusable()
    {
        var letters = new List<DeadLetter>();
        for (var position = 0; position < _faults.Length; position++)
            if (_faults[position] is { } fault)
                letters.Add(new DeadLetter(_records[position], fault));
        return letters;
    }

    /// <summary>Sums up the events that <paramref name="isNew"/> lets pass, one fold per projection.</summary>
    public async Task<IReadOnlyList<IFold>> FoldAsync(Func<int, bool> isNew)
    {
        var folds = new IFold[_workers][];
        await ShareAsync(worker => folds[worker] = Fold(worker, isNew));
        for (var worker = 1; worker < _workers; worker++)
        for (var projection = 0; projection < _projections.Count; projection++)
            folds[0][projection].Merge(folds[worker][projection]);
        return folds[0];
    }

    /// <summary>When the new events happened, UTC; those without a time are left out.</summary>
    public IEnumerable<DateTimeOffset> Times(Func<int, bool> isNew)
    {
        for (var position = 0; position < _events.Length; position++)
            if (_events[position] is { } decoded && isNew(position) && decoded.Record.Time is { } time)
                yield return time;
    }

    private Task ShareAsync(Action<int> work)
    {
        if (_workers == 1)
        {
            work(0);
            return Task.CompletedTask;
        }
        var tasks = new Task[_workers];
        for (var index = 0; index < _workers; index++)
        {
            var worker = index;
            tasks[worker] = Task.Run(() => work(worker));
        }
        return Task.WhenAll(tasks);
    }

    private void Decode(int worker)
    {
        for (var position = 0; position < _workerOf.Length; position++)
            if (_workerOf[position] == worker)
                Decode(position, _records[position]);
    }

    private void Decode(int position, ConsumeResult<byte[], byte[]> result)
    {
        if (!RecordReading.TryRead(result, out var record, out var fault))
        {
            _faults[position] = fault;
            return;
        }
        // A type without a projection is another purpose's business: topics are shared.
        if (Find(record.Type) is not { } index)
            return;
        try
        {
            _events[position] = new DecodedEvent(record, index, _projections[index].Decode(record));
        }
        catch (UnusableEventException unusable)
        {
            _faults[position] = unusable.Fault;
        }
    }

    private int? Find(string type)
    {
        for (var index = 0; index < _projections.Count; index++)
            if (_types[index].Matches(type))
                return index;
        return null;
    }

    private IFold[] Fold(int worker, Func<int, bool> isNew)
    {
        var folds = new IFold[_projections.Count];
        for (var index = 0; index < folds.Length; index++)
            folds[index] = _projections[index].CreateFold();
        for (var position = 0; position < _events.Length; position++)
            if (_workerOf[position] == worker && _events[position] is { } decoded && isNew(position))
                folds[decoded.Projection].Add(decoded.Record, decoded.Data, position);
        return folds;
    }

    private sealed record DecodedEvent(EventRecord Record, int Projection, object Data);
}
