using Veltrix.Broker.Log;
using Veltrix.Broker.Protocol;

namespace Veltrix.Broker.Transactions;

/// <summary>Waits until one marker is durable.</summary>
internal sealed class MarkerWaiter : IDurabilityWaiter
{
    private readonly TaskCompletionSource<bool> _durable = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public Task<bool> Durable => _durable.Task;

    public void OnDurable(int slot, ErrorCode error) => _durable.TrySetResult(error == ErrorCode.None);
}
