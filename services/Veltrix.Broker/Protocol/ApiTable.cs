using Veltrix.Broker.Protocol.Apis;

namespace Veltrix.Broker.Protocol;

/// <summary>All requests that the broker answers.</summary>
internal sealed class ApiTable
{
    private readonly Dictionary<ApiKey, Api> _apis;

    public ApiTable(BrokerNode node)
    {
        Produce = new ProduceApi(node);
        Versions = new ApiVersionsApi(() => _apis!.Values);
        Api[] apis =
        [
            Produce,
            Versions,
            new FetchApi(node),
            new ListOffsetsApi(node),
            new MetadataApi(node),
            new OffsetCommitApi(node),
            new OffsetFetchApi(node),
            new FindCoordinatorApi(node),
            new JoinGroupApi(node),
            new HeartbeatApi(node),
            new LeaveGroupApi(node),
            new SyncGroupApi(node),
            new DescribeGroupsApi(node),
            new ListGroupsApi(node),
            new SaslHandshakeApi(),
            new SaslAuthenticateApi(),
            new CreateTopicsApi(node),
            new DeleteTopicsApi(node),
            new DeleteRecordsApi(node),
            new InitProducerIdApi(node),
            new OffsetForLeaderEpochApi(node),
            new AddPartitionsToTxnApi(node),
            new AddOffsetsToTxnApi(node),
            new EndTxnApi(node),
            new TxnOffsetCommitApi(node),
            new DescribeConfigsApi(node),
            new AlterConfigsApi(node),
            new DescribeLogDirsApi(node),
            new CreatePartitionsApi(node),
            new DeleteGroupsApi(node),
            new IncrementalAlterConfigsApi(node),
            new OffsetDeleteApi(node),
            new DescribeClusterApi(node),
        ];
        _apis = apis.ToDictionary(api => api.Key);
    }

    public ProduceApi Produce { get; }

    public ApiVersionsApi Versions { get; }

    public Api? Find(ApiKey key) => _apis.GetValueOrDefault(key);
}
