using Veltrix.Broker.Protocol;

namespace Veltrix.Broker.Log;

/// <summary>Somebody who answers a client once appended records are durable.</summary>
internal interface IDurabilityWaiter
{
    /// <param name="slot">The number that the waiter gave with the append.</param>
    /// <param name="error">None, or why the records may not be durable.</param>
    void OnDurable(int slot, ErrorCode error);
}
