namespace Veltrix.Broker.Transactions;

/// <summary>Where a transactional id stands. The numbers are stored.</summary>
internal enum TransactionState : byte
{
    /// <summary>A producer has its id and has not begun.</summary>
    Empty = 0,

    /// <summary>Partitions or offsets have been added.</summary>
    Ongoing = 1,

    /// <summary>It is decided: whatever happens, every partition gets a commit marker.</summary>
    PrepareCommit = 2,

    /// <summary>It is decided: whatever happens, every partition gets an abort marker.</summary>
    PrepareAbort = 3,

    /// <summary>All markers are written.</summary>
    CompleteCommit = 4,

    /// <summary>All markers are written.</summary>
    CompleteAbort = 5,
}
