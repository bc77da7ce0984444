namespace Veltrix.Processor.Consuming;

/// <summary>What one consumer holds. Set by its thread alone.</summary>
internal sealed class ProcessorQueue(ProcessorQueues queues) : IDisposable
{
    private long _bytes;

    public long Bytes
    {
        set
        {
            if (value != _bytes)
                queues.Add(value - _bytes);
            _bytes = value;
        }
    }

    public void Dispose()
    {
        Bytes = 0;
        queues.Close();
    }
}
