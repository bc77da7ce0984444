using Veltrix.Broker.Log;

namespace Veltrix.Broker.Protocol.Apis;

/// <summary>A produce request whose batches are written and wait for the disk.</summary>
internal sealed class PendingProduce(short version, short acks) : IDurabilityWaiter
{
    private readonly TaskCompletionSource _durable = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly List<(string Name, int Partitions)> _topics = new(1);
    private readonly List<Slot> _slots = new(1);

    // One for the request itself, so that it cannot finish before all of its batches are appended.
    private int _missing = 1;

    private sealed class Slot(int partition)
    {
        public int Partition => partition;

        public ErrorCode Error { get; set; }

        public long BaseOffset { get; set; } = -1;

        public long AppendTimestamp { get; set; } = -1;

        public long LogStartOffset { get; set; } = -1;
    }

    /// <summary>False for acks=0: such a client waits for no answer, and learns of an error by the end of its connection.</summary>
    public bool WantsAnswer => acks != 0;

    /// <summary>Whether nothing has to be waited for any more.</summary>
    public bool IsDurable => _durable.Task.IsCompleted;

    public bool HasErrors => _slots.Exists(slot => slot.Error != ErrorCode.None);

    public void BeginTopic(string name, int partitions) => _topics.Add((name, partitions));

    public int Add(int partition)
    {
        _slots.Add(new Slot(partition));
        return _slots.Count - 1;
    }

    public void SetError(int slot, ErrorCode error) => _slots[slot].Error = error;

    public void SetResult(int slot, AppendResult result, long logStartOffset)
    {
        _slots[slot].BaseOffset = result.BaseOffset;
        _slots[slot].AppendTimestamp = result.AppendTimestamp;
        _slots[slot].LogStartOffset = logStartOffset;
    }

    /// <summary>One more batch that the request waits for.</summary>
    public void Expect() => Interlocked.Increment(ref _missing);

    /// <summary>All batches are appended; from now on it may finish.</summary>
    public void Begin() => Finish();

    public void OnDurable(int slot, ErrorCode error)
    {
        if (error != ErrorCode.None)
            SetError(slot, error);
        Finish();
    }

    public Task WaitAsync(CancellationToken cancellation) => _durable.Task.WaitAsync(cancellation);

    public void Write(ProtocolWriter response)
    {
        var next = 0;
        response.WriteArrayLength(_topics.Count);
        foreach (var (name, partitions) in _topics)
        {
            response.WriteString(name);
            response.WriteArrayLength(partitions);
            for (var left = partitions; left > 0; left--)
                Write(response, _slots[next++]);
            response.WriteNoTags();
        }
        response.WriteInt32(0);
        response.WriteNoTags();
    }

    private void Write(ProtocolWriter response, Slot slot)
    {
        response.WriteInt32(slot.Partition);
        response.WriteError(slot.Error);
        response.WriteInt64(slot.Error == ErrorCode.None ? slot.BaseOffset : -1);
        response.WriteInt64(slot.Error == ErrorCode.None ? slot.AppendTimestamp : -1);
        if (version >= 5)
            response.WriteInt64(slot.LogStartOffset);
        if (version >= 8)
        {
            response.WriteArrayLength(0);
            response.WriteNullableString(null);
        }
        response.WriteNoTags();
    }

    private void Finish()
    {
        if (Interlocked.Decrement(ref _missing) == 0)
            _durable.TrySetResult();
    }
}
