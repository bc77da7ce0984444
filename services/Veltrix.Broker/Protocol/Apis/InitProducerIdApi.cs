namespace Veltrix.Broker.Protocol.Apis;

/// <summary>A producer id: a new one for an idempotent producer, a new epoch of its own for a transactional id.</summary>
internal sealed class InitProducerIdApi(BrokerNode node) : Api(ApiKey.InitProducerId, 0, 5, firstFlexibleVersion: 2)
{
    public override async ValueTask AnswerAsync(
        ApiRequest request,
        ProtocolWriter response,
        CancellationToken cancellation
    )
    {
        var (id, timeout, expectedProducerId, expectedEpoch) = Parse(request);
        var (error, producerId, epoch) =
            // Who has an id has an epoch, too.
            (expectedProducerId == -1) != (expectedEpoch == -1)
                ? (ErrorCode.InvalidRequest, -1L, (short)-1)
            : id is null ? NewId()
            : await node.Transactions.InitializeAsync(id, timeout, expectedProducerId, expectedEpoch, cancellation);
        response.WriteInt32(0);
        response.WriteError(
            error == ErrorCode.ProducerFenced && request.Version < 4 ? ErrorCode.InvalidProducerEpoch : error
        );
        response.WriteInt64(producerId);
        response.WriteInt16(epoch);
        response.WriteNoTags();
    }

    /// <summary>As Kafka does when it has no block of ids at hand: the client tries again.</summary>
    private (ErrorCode Error, long ProducerId, short Epoch) NewId() =>
        node.Identity.ProducerIds.TryNext() is { } producerId
            ? (ErrorCode.None, producerId, (short)0)
            : (ErrorCode.CoordinatorLoadInProgress, -1, -1);

    private static (string? Id, TimeSpan Timeout, long ProducerId, short Epoch) Parse(ApiRequest request)
    {
        var reader = request.Read();
        var id = reader.ReadNullableString();
        var timeout = TimeSpan.FromMilliseconds(reader.ReadInt32());
        return request.Version >= 3 ? (id, timeout, reader.ReadInt64(), reader.ReadInt16()) : (id, timeout, -1, -1);
    }
}
