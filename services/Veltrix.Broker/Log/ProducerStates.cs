using Veltrix.Broker.Protocol;

namespace Veltrix.Broker.Log;

/// <summary>
/// What a partition remembers of idempotent producers: the epoch and the last five batches of each, because a client
/// may have five requests in flight and repeat any of them. Guarded by the partition's lock.
/// </summary>
internal sealed class ProducerStates(int maximumProducers)
{
    public const int RememberedBatches = 5;
    private readonly Dictionary<long, Producer> _producers = [];

    public readonly record struct Batch(int FirstSequence, int LastSequence, long BaseOffset, long LastOffset);

    public int Count => _producers.Count;

    /// <summary>The epoch that a producer last wrote with; null when it is not known.</summary>
    public short? EpochOf(long producerId) =>
        _producers.TryGetValue(producerId, out var producer) ? producer.Epoch : null;

    /// <summary>Decides on a batch: append it, answer with the batch it repeats, or refuse it.</summary>
    public ErrorCode Check(BatchHeader header, out Batch? repeated)
    {
        repeated = null;
        // A producer that this partition does not know may begin anywhere: its state may have been forgotten.
        if (header.ProducerId < 0 || !_producers.TryGetValue(header.ProducerId, out var producer))
            return ErrorCode.None;
        if (header.ProducerEpoch < producer.Epoch)
            return ErrorCode.InvalidProducerEpoch;
        if (header.ProducerEpoch > producer.Epoch)
            return header.BaseSequence == 0 ? ErrorCode.None : ErrorCode.OutOfOrderSequenceNumber;

        var last = header.LastSequence;
        foreach (var batch in producer.Batches)
        {
            if (batch.FirstSequence != header.BaseSequence || batch.LastSequence != last)
                continue;
            repeated = batch;
            return ErrorCode.None;
        }
        // Nothing but the end of a transaction is known of it: any sequence may follow.
        return producer.Batches.Count == 0 || header.BaseSequence == Following(producer.Batches[^1].LastSequence)
            ? ErrorCode.None
            : ErrorCode.OutOfOrderSequenceNumber;
    }

    /// <summary>Remembers a batch that was appended, or that recovery found in the log.</summary>
    public void Remember(BatchHeader header)
    {
        if (header.ProducerId < 0)
            return;
        if (!_producers.TryGetValue(header.ProducerId, out var producer) || producer.Epoch != header.ProducerEpoch)
            _producers[header.ProducerId] = producer = new Producer(header.ProducerEpoch);
        producer.LastOffset = header.NextOffset - 1;
        // The marker of a transaction's end has no sequence; its epoch may be a new one that fences the producer.
        if (!header.IsControl)
            producer.Add(new Batch(header.BaseSequence, header.LastSequence, header.BaseOffset, producer.LastOffset));
        if (_producers.Count > maximumProducers)
            ForgetOldest();
    }

    /// <summary>Whether a producer's next batch must follow this sequence.</summary>
    public bool IsLast(long producerId, int sequence) =>
        _producers.TryGetValue(producerId, out var producer)
        && producer.Batches is [.., var last]
        && last.LastSequence == sequence;

    public void Save(BinaryWriter writer)
    {
        writer.Write(_producers.Count);
        foreach (var (id, producer) in _producers)
        {
            writer.Write(id);
            writer.Write(producer.Epoch);
            writer.Write(producer.LastOffset);
            writer.Write((byte)producer.Batches.Count);
            foreach (var batch in producer.Batches)
            {
                writer.Write(batch.FirstSequence);
                writer.Write(batch.LastSequence);
                writer.Write(batch.BaseOffset);
                writer.Write(batch.LastOffset);
            }
        }
    }

    public void Load(BinaryReader reader)
    {
        _producers.Clear();
        for (var left = reader.ReadInt32(); left > 0; left--)
        {
            var id = reader.ReadInt64();
            var producer = _producers[id] = new Producer(reader.ReadInt16()) { LastOffset = reader.ReadInt64() };
            for (var batches = reader.ReadByte(); batches > 0; batches--)
                producer.Batches.Add(
                    new Batch(reader.ReadInt32(), reader.ReadInt32(), reader.ReadInt64(), reader.ReadInt64())
                );
        }
    }

    private static int Following(int sequence) => sequence == int.MaxValue ? 0 : sequence + 1;

    private void ForgetOldest()
    {
        // Rare, and a tenth at a time: the cost of looking at all of them is spread over many batches.
        var oldest = _producers.OrderBy(pair => pair.Value.LastOffset).Take(Math.Max(1, maximumProducers / 10));
        foreach (var (id, _) in oldest.ToList())
            _producers.Remove(id);
    }

    private sealed class Producer(short epoch)
    {
        public short Epoch { get; } = epoch;

        public long LastOffset { get; set; }

        public List<Batch> Batches { get; } = new(RememberedBatches);

        public void Add(Batch batch)
        {
            if (Batches.Count == RememberedBatches)
                Batches.RemoveAt(0);
            Batches.Add(batch);
        }
    }
}
