using System.Collections.Concurrent;
using Veltrix.Broker.Groups;
using Veltrix.Broker.Log;
using Veltrix.Broker.Protocol;
using Veltrix.Broker.Topics;

namespace Veltrix.Broker.Transactions;

/// <summary>
/// All transactional ids. A transaction's end is first decided durably, then written into every partition and group, and
/// then noted as complete: a crash in between is made good at the next start. Errors as Apache Kafka answers them.
/// </summary>
internal sealed partial class TransactionCoordinator : IDisposable
{
    /// <summary>One epoch is kept back for the abort that fences a producer.</summary>
    private const short LastUsableEpoch = short.MaxValue - 1;

    private readonly ConcurrentDictionary<string, Transaction> _transactions = new(StringComparer.Ordinal);
    private readonly KeyValueJournal _journal;
    private readonly BrokerOptions _options;
    private readonly TopicStore _topics;
    private readonly GroupCoordinator _groups;
    private readonly ProducerIds _producerIds;
    private readonly TimeProvider _time;
    private readonly ILogger _logger;

    public TransactionCoordinator(
        LogEnvironment environment,
        BrokerOptions options,
        TopicStore topics,
        GroupCoordinator groups,
        ProducerIds producerIds,
        string dataDirectory
    )
    {
        _options = options;
        _topics = topics;
        _groups = groups;
        _producerIds = producerIds;
        _time = environment.Time;
        _logger = environment.Logger;
        _journal = new KeyValueJournal(environment, Path.Combine(dataDirectory, "transactions.journal"));
        foreach (var (id, value) in _journal.Entries)
            _transactions[id] = new Transaction(id) { Record = TransactionRecord.Load(value) };
        IsFound = !_transactions.IsEmpty;
    }

    /// <summary>Whether somebody has asked for the coordinator; see <see cref="GroupCoordinator.IsFound"/>.</summary>
    public bool IsFound { get; set; }

    /// <summary>Whether the disk failed: no transaction goes on until the broker starts again.</summary>
    public bool IsFailed => _journal.IsFailed;

    /// <summary>Transactional ids that are known.</summary>
    public int Count => _transactions.Count;

    /// <summary>Transactions that have begun and not ended.</summary>
    public int OpenCount =>
        _transactions.Values.Count(transaction =>
            transaction.Record is { State: TransactionState.Ongoing } or { IsDecided: true }
        );

    /// <summary>
    /// Gives a transactional id's producer its id and a new epoch, which fences the one before. Its open transaction is
    /// aborted.
    /// </summary>
    /// <param name="expectedProducerId">What the producer has so far, when it only wants a new epoch (KIP-360); else -1.</param>
    public async Task<(ErrorCode Error, long ProducerId, short Epoch)> InitializeAsync(
        string id,
        TimeSpan timeout,
        long expectedProducerId,
        short expectedEpoch,
        CancellationToken cancellation
    )
    {
        if (id.Length == 0)
            return (ErrorCode.InvalidRequest, -1, -1);
        if (!IsFound)
            return (ErrorCode.NotCoordinator, -1, -1);
        if (timeout <= TimeSpan.Zero || timeout > TimeSpan.FromMilliseconds(_options.MaximumTransactionMilliseconds))
            return (ErrorCode.InvalidTransactionTimeout, -1, -1);
        if (GetOrAdd(id) is not { } transaction)
            return (ErrorCode.CoordinatorNotAvailable, -1, -1);
        using var held = await transaction.EnterAsync(cancellation);
        if (transaction.IsRemoved)
            return (ErrorCode.ConcurrentTransactions, -1, -1);
        var record = transaction.Record;
        if (record is null)
            return await GiveAsync(transaction, TryMakeProducer(timeout));
        if (expectedProducerId >= 0)
        {
            if (expectedProducerId != record.ProducerId)
                return (ErrorCode.ProducerFenced, -1, -1);
            // Its answer was lost: it gets the same one again.
            if (expectedEpoch != record.Epoch)
                return expectedEpoch == record.LastEpoch
                    ? (ErrorCode.None, record.ProducerId, record.Epoch)
                    : (ErrorCode.ProducerFenced, -1, -1);
        }
        if (record.State == TransactionState.Ongoing && !await AbortAndFenceAsync(transaction, record))
            return (ErrorCode.CoordinatorNotAvailable, -1, -1);
        if (transaction.Record!.IsDecided && !await CompleteAsync(transaction))
            return (ErrorCode.ConcurrentTransactions, -1, -1);
        record = transaction.Record!;
        return await GiveAsync(
            transaction,
            record.Epoch >= LastUsableEpoch
                ? TryMakeProducer(timeout)
                : record with
                {
                    Epoch = (short)(record.Epoch + 1),
                    LastEpoch = expectedProducerId >= 0 ? expectedEpoch : (short)-1,
                    Timeout = timeout,
                    State = TransactionState.Empty,
                }
        );
    }

    /// <summary>Takes partitions into the producer's transaction, which begins with the first.</summary>
    public Task<ErrorCode> AddPartitionsAsync(
        TransactionalProducer producer,
        IReadOnlyCollection<TopicPartition> partitions,
        CancellationToken cancellation
    ) =>
        ChangeAsync(
            producer,
            async (transaction, record) =>
            {
                if (!record.Partitions.IsSupersetOf(partitions) || record.State != TransactionState.Ongoing)
                {
                    record = Begun(record);
                    record = record with { Partitions = record.Partitions.Union(partitions).ToHashSet() };
                    if (!await SaveAsync(transaction, record))
                        return ErrorCode.CoordinatorNotAvailable;
                }
                foreach (var partition in partitions)
                    _topics
                        .Partition(partition.Topic, partition.Partition)
                        ?.BeginTransaction(producer.ProducerId, producer.Epoch);
                return ErrorCode.None;
            },
            cancellation
        );

    /// <summary>Takes a group's offsets into the producer's transaction, which begins with them if it has not.</summary>
    public Task<ErrorCode> AddOffsetsAsync(
        TransactionalProducer producer,
        string group,
        CancellationToken cancellation
    ) =>
        ChangeAsync(
            producer,
            async (transaction, record) =>
            {
                if (record.State == TransactionState.Ongoing && record.Groups.Contains(group))
                    return ErrorCode.None;
                record = Begun(record);
                record = record with { Groups = record.Groups.Append(group).ToHashSet(StringComparer.Ordinal) };
                return await SaveAsync(transaction, record) ? ErrorCode.None : ErrorCode.CoordinatorNotAvailable;
            },
            cancellation
        );

    /// <summary>Commits or aborts. None as soon as that is decided for good; usually it is complete by then, too.</summary>
    public Task<ErrorCode> EndAsync(TransactionalProducer producer, bool commit, CancellationToken cancellation) =>
        ChangeAsync(
            producer,
            async (transaction, record) =>
            {
                var repeated = commit ? TransactionState.CompleteCommit : TransactionState.CompleteAbort;
                if (record.State == repeated)
                    return ErrorCode.None;
                if (record.State != TransactionState.Ongoing)
                    return ErrorCode.InvalidTransactionState;
                var decided = record with
                {
                    State = commit ? TransactionState.PrepareCommit : TransactionState.PrepareAbort,
                };
                if (!await SaveAsync(transaction, decided))
                    return ErrorCode.CoordinatorNotAvailable;
                await CompleteAsync(transaction);
                return ErrorCode.None;
            },
            cancellation
        );

    /// <summary>Does something that belongs to a group in a transaction, which cannot end meanwhile.</summary>
    public Task<ErrorCode> WithinAsync(
        TransactionalProducer producer,
        string group,
        Func<Task<ErrorCode>> action,
        CancellationToken cancellation
    ) =>
        ChangeAsync(
            producer,
            async (_, record) =>
                record.State == TransactionState.Ongoing && record.Groups.Contains(group)
                    ? await action()
                    : ErrorCode.InvalidTransactionState,
            cancellation
        );

    /// <summary>Whether a producer is the one of its transactional id. What it may write where, the partitions know.</summary>
    public ErrorCode CheckProducer(string id, long producerId, short epoch)
    {
        if (!_transactions.TryGetValue(id, out var transaction) || transaction.Record is not { } record)
            return ErrorCode.InvalidProducerIdMapping;
        if (record.ProducerId != producerId)
            return ErrorCode.InvalidProducerIdMapping;
        return record.Epoch == epoch ? ErrorCode.None : ErrorCode.InvalidProducerEpoch;
    }

    public void Dispose()
    {
        _journal.Dispose();
        foreach (var transaction in _transactions.Values)
            transaction.Dispose();
    }

    private async Task<ErrorCode> ChangeAsync(
        TransactionalProducer producer,
        Func<Transaction, TransactionRecord, Task<ErrorCode>> change,
        CancellationToken cancellation
    )
    {
        if (producer.TransactionalId.Length == 0)
            return ErrorCode.InvalidRequest;
        if (!IsFound)
            return ErrorCode.NotCoordinator;
        if (!_transactions.TryGetValue(producer.TransactionalId, out var transaction))
            return ErrorCode.InvalidProducerIdMapping;
        using var held = await transaction.EnterAsync(cancellation);
        if (transaction.IsRemoved || transaction.Record is not { } record)
            return ErrorCode.InvalidProducerIdMapping;
        if (record.ProducerId != producer.ProducerId)
            return ErrorCode.InvalidProducerIdMapping;
        if (record.Epoch != producer.Epoch)
            return ErrorCode.ProducerFenced;
        // The end before is decided, but a disk keeps it from being written: the client tries again.
        if (record.IsDecided && !await CompleteAsync(transaction))
            return ErrorCode.ConcurrentTransactions;
        return await change(transaction, transaction.Record!);
    }

    private Transaction? GetOrAdd(string id)
    {
        if (_transactions.TryGetValue(id, out var known))
            return known;
        return _transactions.Count >= _options.MaximumTransactionalIds
            ? null
            : _transactions.GetOrAdd(id, static name => new Transaction(name));
    }

    private TransactionRecord? TryMakeProducer(TimeSpan timeout) =>
        _producerIds.TryNext() is { } producerId
            ? new(
                producerId,
                Epoch: 0,
                LastEpoch: -1,
                timeout,
                TransactionState.Empty,
                new HashSet<TopicPartition>(),
                new HashSet<string>(StringComparer.Ordinal),
                StartedAtMilliseconds: -1,
                NowMilliseconds
            )
            : null;

    private TransactionRecord Begun(TransactionRecord record) =>
        record.State == TransactionState.Ongoing
            ? record
            : record with
            {
                State = TransactionState.Ongoing,
                StartedAtMilliseconds = NowMilliseconds,
            };

    private async Task<(ErrorCode Error, long ProducerId, short Epoch)> GiveAsync(
        Transaction transaction,
        TransactionRecord? record
    ) =>
        record is not null && await SaveAsync(transaction, record)
            ? (ErrorCode.None, record.ProducerId, record.Epoch)
            : (ErrorCode.CoordinatorNotAvailable, -1, -1);

    private async Task<bool> SaveAsync(Transaction transaction, TransactionRecord record)
    {
        record = record with { ChangedAtMilliseconds = NowMilliseconds };
        if (!await _journal.Put(transaction.Id, record.Save()))
            return false;
        transaction.Record = record;
        return true;
    }

    private long NowMilliseconds => _time.GetUtcNow().ToUnixTimeMilliseconds();
}
