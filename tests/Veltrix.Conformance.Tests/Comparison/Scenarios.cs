namespace Veltrix.Conformance.Tests.Comparison;

/// <summary>What both brokers are asked.</summary>
internal static class Scenarios
{
    public static readonly IReadOnlyDictionary<string, Func<Dialogue, Task>> All = new Dictionary<
        string,
        Func<Dialogue, Task>
    >(StringComparer.Ordinal)
    {
        ["nonsense"] = ConnectionScenarios.NonsenseAsync,
        ["versions"] = ConnectionScenarios.VersionsAsync,
        ["coordinators"] = ConnectionScenarios.CoordinatorsAsync,
        ["cluster"] = ConnectionScenarios.ClusterAsync,
        ["metadata"] = TopicScenarios.MetadataAsync,
        ["creation"] = TopicScenarios.CreationAsync,
        ["growth and deletion"] = TopicScenarios.GrowthAndDeletionAsync,
        ["configurations"] = TopicScenarios.ConfigurationsAsync,
        ["producing"] = RecordScenarios.ProducingAsync,
        ["batches"] = RecordScenarios.BatchesAsync,
        ["timestamps"] = RecordScenarios.TimestampsAsync,
        ["idempotence"] = RecordScenarios.IdempotenceAsync,
        ["producer ids"] = RecordScenarios.ProducerIdsAsync,
        ["fetching"] = ReadingScenarios.FetchingAsync,
        ["sessions"] = ReadingScenarios.SessionsAsync,
        ["offsets"] = ReadingScenarios.OffsetsAsync,
        ["epochs and deletion"] = ReadingScenarios.EpochsAndDeletionAsync,
        ["membership"] = GroupScenarios.MembershipAsync,
        ["rebalancing"] = GroupScenarios.RebalancingAsync,
        ["static members"] = GroupScenarios.StaticMembersAsync,
        ["committing"] = OffsetScenarios.CommittingAsync,
        ["offsets of members"] = OffsetScenarios.WithMembersAsync,
        ["transactional ids"] = TransactionScenarios.IdsAsync,
        ["transactions"] = TransactionScenarios.RecordsAsync,
        ["transactional offsets"] = TransactionScenarios.OffsetsAsync,
        ["fencing"] = TransactionScenarios.FencingAsync,
        ["no authentication"] = AuthenticationScenarios.UnwantedAsync,
        ["authentication"] = AuthenticationScenarios.WantedAsync,
    };

    /// <summary>Those of a listener that wants to know who asks.</summary>
    private static readonly HashSet<string> ForUsers = new(StringComparer.Ordinal) { "authentication" };

    /// <summary>Asks everything that belongs to a scenario.</summary>
    /// <returns>One line for each field of each answer.</returns>
    public static async Task<IReadOnlyList<string>> RunAsync(
        string name,
        TestedKafka kafka,
        IReadOnlySet<string>? unanswered = null
    )
    {
        var servers = ForUsers.Contains(name) ? kafka.ServersForUsersAsync() : kafka.ServersAsync();
        using var dialogue = new Dialogue(await servers, unanswered);
        await All[name](dialogue);
        return dialogue.Answers;
    }
}
