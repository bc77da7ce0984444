using Veltrix.Broker.Log;

namespace Veltrix.Broker.Protocol.Apis;

/// <summary>
/// Reads record batches, and waits for them when there are none yet. Answers without a session (id 0), which makes
/// every fetch a full one. Advertised from version 0, as <see cref="ProduceApi"/>.
/// </summary>
internal sealed class FetchApi(BrokerNode node) : Api(ApiKey.Fetch, 4, 16, firstFlexibleVersion: 12)
{
    public override short AdvertisedMinimumVersion => 0;

    private const sbyte ReadCommitted = 1;
    private const int NewSession = 0;
    private const int NoSession = -1;

    private sealed class Wanted(int partition, long offset, int maximumBytes, int leaderEpoch)
    {
        public int Partition => partition;

        public long Offset => offset;

        public int MaximumBytes => maximumBytes;

        public int LeaderEpoch => leaderEpoch;

        public PartitionLog? Log { get; set; }

        public ErrorCode Error { get; set; }

        public LogRange Range { get; set; }

        /// <summary>Transactions whose records in the range a consumer must leave out; null when it wants all records.</summary>
        public List<AbortedTransaction>? Aborted { get; set; }
    }

    private sealed record WantedTopic(string? Name, Guid Id, List<Wanted> Partitions);

    private sealed record Request(
        TimeSpan MaximumWait,
        int MinimumBytes,
        int MaximumBytes,
        bool CommittedOnly,
        ErrorCode Error,
        List<WantedTopic> Topics
    );

    public override async ValueTask AnswerAsync(
        ApiRequest request,
        ProtocolWriter response,
        CancellationToken cancellation
    )
    {
        var fetch = Parse(request);
        if (fetch.Error == ErrorCode.None)
            await WaitForDataAsync(fetch, cancellation);
        Write(response, request.Version, fetch);
    }

    private Request Parse(ApiRequest request)
    {
        var version = request.Version;
        var reader = request.Read();
        if (version <= 14)
            reader.ReadInt32();
        var maximumWait = TimeSpan.FromMilliseconds(
            Math.Clamp(reader.ReadInt32(), 0, node.Options.MaximumFetchWaitMilliseconds)
        );
        var minimumBytes = reader.ReadInt32();
        var maximumBytes = Math.Min(reader.ReadInt32(), node.Options.MaximumFetchBytes);
        var committedOnly = reader.ReadInt8() == ReadCommitted;
        var error = ErrorCode.None;
        if (version >= 7)
        {
            reader.ReadInt32();
            var sessionEpoch = reader.ReadInt32();
            // There are no sessions: only a request for a new one, or for none, can be answered.
            if (sessionEpoch is not (NewSession or NoSession))
                error = ErrorCode.FetchSessionIdNotFound;
        }
        var topics = new List<WantedTopic>();
        for (var left = reader.ReadArrayLength(); left > 0; left--)
            topics.Add(ParseTopic(ref reader, version));
        return new Request(maximumWait, minimumBytes, maximumBytes, committedOnly, error, topics);
    }

    private WantedTopic ParseTopic(ref ProtocolReader reader, short version)
    {
        var name = version <= 12 ? reader.ReadString() : null;
        var id = version >= 13 ? reader.ReadUuid() : Guid.Empty;
        var topic = name is not null ? node.Topics.Find(name) : node.Topics.Find(id);
        var partitions = new List<Wanted>();
        for (var left = reader.ReadArrayLength(); left > 0; left--)
        {
            var index = reader.ReadInt32();
            var epoch = version >= 9 ? reader.ReadInt32() : -1;
            var offset = reader.ReadInt64();
            if (version >= 12)
                reader.ReadInt32();
            if (version >= 5)
                reader.ReadInt64();
            var wanted = new Wanted(index, offset, reader.ReadInt32(), epoch) { Log = topic?.Partition(index) };
            reader.SkipTags();
            if (wanted.Log is null)
            {
                wanted.Error =
                    name is null && topic is null ? ErrorCode.UnknownTopicId : ErrorCode.UnknownTopicOrPartition;
                // Empty, not null, where Kafka does not even look for the partition.
                wanted.Aborted = [];
            }
            else
                wanted.Error = LeaderEpochCheck.Check(wanted.Log, epoch);
            partitions.Add(wanted);
        }
        reader.SkipTags();
        return new WantedTopic(name, id, partitions);
    }

    private async Task WaitForDataAsync(Request fetch, CancellationToken cancellation)
    {
        var deadline = node.Time.GetUtcNow() + fetch.MaximumWait;
        while (true)
        {
            var signal = new FetchSignal();
            var watched = Watch(fetch, signal);
            try
            {
                var (bytes, mustAnswer) = Find(fetch);
                var left = deadline - node.Time.GetUtcNow();
                if (bytes >= fetch.MinimumBytes || mustAnswer || watched.Count == 0 || left <= TimeSpan.Zero)
                    return;
                await signal.Task.WaitAsync(left, node.Time, cancellation);
            }
            catch (TimeoutException)
            {
                Find(fetch);
                return;
            }
            catch (OperationCanceledException)
            {
                // The broker stops: whoever waits gets what there is.
                return;
            }
            finally
            {
                foreach (var log in watched)
                    log.Unwatch(signal);
            }
        }
    }

    /// <summary>Asks to be woken before looking, so that nothing can come in between.</summary>
    private static List<PartitionLog> Watch(Request fetch, FetchSignal signal)
    {
        var watched = new List<PartitionLog>();
        foreach (var topic in fetch.Topics)
        {
            foreach (var wanted in topic.Partitions)
            {
                if (wanted.Log is null || wanted.Error != ErrorCode.None)
                    continue;
                wanted.Log.Watch(signal, Math.Max(wanted.Offset, wanted.Log.HighWatermark));
                watched.Add(wanted.Log);
            }
        }
        return watched;
    }

    private static (long Bytes, bool MustAnswer) Find(Request fetch)
    {
        var bytes = 0L;
        var mustAnswer = false;
        foreach (var topic in fetch.Topics)
        {
            foreach (var wanted in topic.Partitions)
            {
                if (wanted.Log is null)
                    continue;
                if (wanted.Error is not (ErrorCode.None or ErrorCode.OffsetOutOfRange))
                {
                    mustAnswer = true;
                    continue;
                }
                var limit = (int)Math.Min(wanted.MaximumBytes, Math.Max(0, fetch.MaximumBytes - bytes));
                Find(wanted, limit, atLeastOne: bytes == 0, fetch.CommittedOnly);
                bytes += wanted.Range.Bytes;
                mustAnswer |= wanted.Error != ErrorCode.None;
            }
        }
        return (bytes, mustAnswer);
    }

    private static void Find(Wanted wanted, int maximumBytes, bool atLeastOne, bool committedOnly)
    {
        wanted.Error = wanted.Log!.Fetch(
            wanted.Offset,
            maximumBytes,
            atLeastOne,
            committedOnly,
            out var range,
            out var aborted
        );
        wanted.Range = range;
        wanted.Aborted = aborted;
    }

    private void Write(ProtocolWriter response, short version, Request fetch)
    {
        response.WriteInt32(0);
        if (version >= 7)
        {
            response.WriteError(fetch.Error);
            response.WriteInt32(0);
        }
        var topics = fetch.Error == ErrorCode.None ? fetch.Topics : [];
        response.WriteArrayLength(topics.Count);
        foreach (var topic in topics)
        {
            if (version <= 12)
                response.WriteString(topic.Name!);
            else
                response.WriteUuid(topic.Id);
            response.WriteArrayLength(topic.Partitions.Count);
            foreach (var wanted in topic.Partitions)
                WritePartition(response, version, wanted);
            response.WriteNoTags();
        }
        response.WriteNoTags();
    }

    private void WritePartition(ProtocolWriter response, short version, Wanted wanted)
    {
        var good = wanted.Error == ErrorCode.None ? wanted.Log : null;
        response.WriteInt32(wanted.Partition);
        response.WriteError(wanted.Error);
        response.WriteInt64(good?.HighWatermark ?? -1);
        response.WriteInt64(good?.LastStableOffset ?? -1);
        if (version >= 5)
            response.WriteInt64(good?.LogStartOffset ?? -1);
        WriteAborted(response, wanted.Aborted);
        if (version >= 11)
            response.WriteInt32(-1);
        response.WriteRecords(wanted.Range);
        node.Metrics.FetchedBytes.Add(wanted.Range.Bytes);
        response.WriteNoTags();
    }

    private static void WriteAborted(ProtocolWriter response, List<AbortedTransaction>? transactions)
    {
        response.WriteArrayLength(transactions?.Count ?? -1);
        foreach (var aborted in transactions ?? [])
        {
            response.WriteInt64(aborted.ProducerId);
            response.WriteInt64(aborted.FirstOffset);
            response.WriteNoTags();
        }
    }
}
