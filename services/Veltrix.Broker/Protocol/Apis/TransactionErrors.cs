namespace Veltrix.Broker.Protocol.Apis;

/// <summary>What older clients of the transactional requests understand.</summary>
internal static class TransactionErrors
{
    /// <summary>Version 2 of AddPartitionsToTxn, AddOffsetsToTxn and EndTxn brought PRODUCER_FENCED (KIP-588).</summary>
    public static ErrorCode ForVersion(ErrorCode error, short version) =>
        error == ErrorCode.ProducerFenced && version < 2 ? ErrorCode.InvalidProducerEpoch : error;
}
