using Veltrix.Broker.Protocol;

namespace Veltrix.Broker.Transactions;

/// <summary>How transactions end: by their producer, by a newer one, by their timeout, or after a crash.</summary>
internal sealed partial class TransactionCoordinator
{
    /// <summary>
    /// Before clients come: lets producers go on in their open transactions, completes what was decided, and aborts what
    /// no transaction knows of.
    /// </summary>
    public async Task RecoverAsync()
    {
        foreach (var transaction in _transactions.Values)
        {
            using var held = await transaction.EnterAsync(CancellationToken.None);
            var record = transaction.Record!;
            if (record.State == TransactionState.Ongoing)
            {
                foreach (var partition in record.Partitions)
                    _topics
                        .Partition(partition.Topic, partition.Partition)
                        ?.BeginTransaction(record.ProducerId, record.Epoch);
            }
            else if (record.IsDecided)
            {
                await CompleteAsync(transaction);
            }
        }
        await AbortUnknownAsync();
    }

    /// <summary>Aborts transactions that take too long, completes what a disk had kept from it, forgets unused ids.</summary>
    public async Task TendAsync(CancellationToken cancellation)
    {
        foreach (var transaction in _transactions.Values)
        {
            if (transaction.Record is not { } seen || !NeedsTending(seen))
                continue;
            using var held = await transaction.EnterAsync(cancellation);
            if (transaction.Record is not { } record || transaction.IsRemoved || !NeedsTending(record))
                continue;
            if (record.State == TransactionState.Ongoing)
            {
                Log.TimedOut(_logger, transaction.Id, record.Timeout);
                if (await AbortAndFenceAsync(transaction, record))
                    await CompleteAsync(transaction);
            }
            else if (record.IsDecided)
            {
                await CompleteAsync(transaction);
            }
            else if (await _journal.Remove(transaction.Id))
            {
                transaction.IsRemoved = true;
                _transactions.TryRemove(transaction.Id, out _);
            }
        }
    }

    private bool NeedsTending(TransactionRecord record) =>
        record.State switch
        {
            TransactionState.Ongoing => NowMilliseconds - record.StartedAtMilliseconds
                >= record.Timeout.TotalMilliseconds,
            TransactionState.PrepareCommit or TransactionState.PrepareAbort => true,
            _ => NowMilliseconds - record.ChangedAtMilliseconds
                >= TimeSpan.FromHours(_options.TransactionalIdRetentionHours).TotalMilliseconds,
        };

    /// <summary>Decides the abort of somebody else's transaction, with an epoch that keeps its producer out from now on.</summary>
    private Task<bool> AbortAndFenceAsync(Transaction transaction, TransactionRecord record) =>
        SaveAsync(
            transaction,
            record with
            {
                State = TransactionState.PrepareAbort,
                Epoch = (short)(record.Epoch + 1),
                LastEpoch = -1,
            }
        );

    /// <summary>Writes a decided end into every partition and group. False when a disk refuses; it is tried again.</summary>
    private async Task<bool> CompleteAsync(Transaction transaction)
    {
        var record = transaction.Record!;
        var commit = record.State == TransactionState.PrepareCommit;
        var written = new List<Task<bool>>();
        foreach (var partition in record.Partitions)
        {
            if (_topics.Partition(partition.Topic, partition.Partition) is not { } log)
                continue;
            var waiter = new MarkerWaiter();
            var result = log.EndTransaction(record.ProducerId, record.Epoch, commit, waiter);
            if (result.Error == ErrorCode.None)
                written.Add(waiter.Durable);
            else if (result.Error != ErrorCode.UnknownTopicOrPartition)
                written.Add(Task.FromResult(false));
        }
        foreach (var group in record.Groups)
            written.Add(_groups.EndTransactionAsync(group, record.ProducerId, commit));
        if (!Array.TrueForAll(await Task.WhenAll(written), static durable => durable))
        {
            Log.Incomplete(_logger, transaction.Id);
            return false;
        }
        record = record with
        {
            State = commit ? TransactionState.CompleteCommit : TransactionState.CompleteAbort,
            Partitions = new HashSet<Groups.TopicPartition>(),
            Groups = new HashSet<string>(StringComparer.Ordinal),
            ChangedAtMilliseconds = NowMilliseconds,
        };
        // Nobody waits for this to be durable: after a crash the end is written once more, which does no harm.
        _ = _journal.Put(transaction.Id, record.Save());
        transaction.Record = record;
        return true;
    }

    /// <summary>
    /// Aborts open transactions in partitions and pending offsets in groups that belong to no transaction: they would
    /// hold up readers for ever. Only a journal that lost its tail leaves such.
    /// </summary>
    private async Task AbortUnknownAsync()
    {
        var known = _transactions
            .Values.Select(transaction => transaction.Record!)
            .Where(record => record.State == TransactionState.Ongoing || record.IsDecided)
            .ToDictionary(record => record.ProducerId);
        var written = new List<Task>();
        foreach (var topic in _topics.All)
        {
            for (var index = 0; index < topic.Partitions.Length; index++)
            {
                var partition = new Groups.TopicPartition(topic.Name, index);
                foreach (var producerId in topic.Partitions[index].OpenTransactions)
                {
                    if (known.TryGetValue(producerId, out var record) && record.Partitions.Contains(partition))
                        continue;
                    Log.Unknown(_logger, producerId, partition);
                    var waiter = new MarkerWaiter();
                    var result = topic.Partitions[index].AbortTransaction(producerId, waiter);
                    if (result.Error == ErrorCode.None)
                        written.Add(waiter.Durable);
                }
            }
        }
        foreach (var group in _groups.All)
        {
            foreach (var producerId in group.PendingProducers.Where(producerId => !known.ContainsKey(producerId)))
                written.Add(_groups.EndTransactionAsync(group.Id, producerId, commit: false));
        }
        await Task.WhenAll(written);
    }

    private static partial class Log
    {
        [LoggerMessage(
            LogLevel.Warning,
            "The transaction of {TransactionalId} is aborted: it took longer than its timeout, {Timeout}"
        )]
        public static partial void TimedOut(ILogger logger, string transactionalId, TimeSpan timeout);

        [LoggerMessage(
            LogLevel.Error,
            "The end of {TransactionalId}'s transaction is decided, but not yet written everywhere; it is tried again"
        )]
        public static partial void Incomplete(ILogger logger, string transactionalId);

        [LoggerMessage(
            LogLevel.Warning,
            "Aborted an open transaction of producer {ProducerId} in {Partition} that no transactional id knows of"
        )]
        public static partial void Unknown(ILogger logger, long producerId, Groups.TopicPartition partition);
    }
}
