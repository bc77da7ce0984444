using Veltrix.Configuration;
using Veltrix.ServiceDefaults.Configuration;

namespace Veltrix.Processor.Consuming;

/// <summary>How many bytes this node's consumers hold: polled, and not yet committed.</summary>
internal sealed class ProcessorQueues(IPlatformConfiguration configuration)
{
    /// <summary>One batch is gathered while another is in hand.</summary>
    private const int BatchesOfAConsumer = 2;

    private long _bytes;
    private long _highest;
    private int _consumers;

    /// <summary>The place of one consumer in the sum, until it is disposed of.</summary>
    public ProcessorQueue Open()
    {
        Interlocked.Increment(ref _consumers);
        return new ProcessorQueue(this);
    }

    /// <summary>The most that was held since the last call; null while nothing consumes.</summary>
    public QueueOccupancy? TakeHighest()
    {
        var consumers = Volatile.Read(ref _consumers);
        if (consumers == 0)
            return null;
        var highest = Interlocked.Exchange(ref _highest, Volatile.Read(ref _bytes));
        long allowed = configuration.Current.Configuration.Processor.MaximumBatchBytes;
        return new(highest, (double)highest / (allowed * BatchesOfAConsumer * consumers));
    }

    internal void Add(long bytes)
    {
        var now = Interlocked.Add(ref _bytes, bytes);
        for (var known = Volatile.Read(ref _highest); now > known; known = Volatile.Read(ref _highest))
            Interlocked.CompareExchange(ref _highest, now, known);
    }

    internal void Close() => Interlocked.Decrement(ref _consumers);
}
