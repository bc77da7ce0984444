namespace Veltrix.Broker.Log;

/// <summary>Wakes one waiting fetch when any of its partitions shows more data.</summary>
internal sealed class FetchSignal
{
    private readonly TaskCompletionSource _source = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public Task Task => _source.Task;

    public void Set() => _source.TrySetResult();
}
