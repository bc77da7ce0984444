namespace Veltrix.Broker.Transactions;

/// <summary>A transactional id. Whoever changes it holds its gate, from the check to the last durable write.</summary>
internal sealed class Transaction(string id) : IDisposable
{
    private readonly SemaphoreSlim _gate = new(1, 1);
    private volatile TransactionRecord? _record;

    public string Id => id;

    /// <summary>What is durably known; null until the first producer has its id.</summary>
    public TransactionRecord? Record
    {
        get => _record;
        set => _record = value;
    }

    /// <summary>Set when it was removed: whoever waited for the gate looks it up again.</summary>
    public bool IsRemoved { get; set; }

    public async Task<IDisposable> EnterAsync(CancellationToken cancellation)
    {
        await _gate.WaitAsync(cancellation);
        return new Exit(_gate);
    }

    public void Dispose() => _gate.Dispose();

    private sealed class Exit(SemaphoreSlim gate) : IDisposable
    {
        public void Dispose() => gate.Release();
    }
}
