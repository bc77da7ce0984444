using Veltrix.Conformance.Tests.Wire;
using static Veltrix.Conformance.Tests.Wire.WireRequests;

namespace Veltrix.Conformance.Tests;

/// <summary>Offsets of a partition: found by time and epoch, deleted.</summary>
public sealed class WireOffsetTests : WireScenario
{
    [Fact]
    public async Task Offsets_InEveryVersion_AreListedDeletedAndKnownByEpoch()
    {
        (await Client.ProduceAsync(Name, WireBatch.Create(["a", "b", "c"]))).Error.ShouldBe<short>(0);
        foreach (var version in Versions("ListOffsets", 1, 9))
        {
            (await ListAsync(version, -1)).ShouldBe(3);
            (await ListAsync(version, -2)).ShouldBe(0);
            (await ListAsync(version, 1)).ShouldBe(0);
            (await ListAsync(version, DateTimeOffset.UtcNow.AddDays(1).ToUnixTimeMilliseconds())).ShouldBe(-1);
        }
        foreach (var version in Versions("OffsetForLeaderEpoch", 2, 4))
        {
            var asked = F(("partition", 0), ("currentLeaderEpoch", -1), ("leaderEpoch", 1_000_000));
            (await AskAsync("OffsetForLeaderEpoch", version, asked))["endOffset"].ShouldBe(-1L);
        }
        foreach (var version in Versions("DeleteRecords", 0, 2))
        {
            var wanted = F(("partitionIndex", 0), ("offset", version));
            (await AskAsync("DeleteRecords", version, wanted))["lowWatermark"].ShouldBe((long)version);
        }
        (await Client.FetchAsync(Name)).Error.ShouldBe<short>(1);

        async Task<long> ListAsync(short version, long timestamp)
        {
            var wanted = F(("partitionIndex", 0), ("timestamp", timestamp), ("currentLeaderEpoch", -1));
            return (await AskAsync("ListOffsets", version, wanted)).Get<long>("offset");
        }
    }

    /// <summary>Asks about the partition, and gets an answer without an error.</summary>
    private async Task<Fields> AskAsync(string api, short version, Fields partition)
    {
        var request = F(("replicaId", -1), ("timeoutMs", 10_000), ("topics", Of(Name, partition)));
        var answer = (await Client.SendAsync(api, version, request)).Only("topics").Only("partitions");
        answer.Error.ShouldBe<short>(0, $"{api} version {version}");
        return answer;
    }
}
