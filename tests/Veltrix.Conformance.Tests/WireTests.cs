using System.Text;
using Veltrix.Conformance.Tests.Wire;
using Veltrix.Testing;

namespace Veltrix.Conformance.Tests;

/// <summary>
/// Every version of every request that the broker announces, spoken by a client that follows the protocol's description
/// and nothing else. Against another Kafka (VELTRIX_TEST_KAFKA) it speaks the versions that both know.
/// </summary>
public sealed class WireTests : IAsyncLifetime
{
    private readonly string _topic = $"wire-{Guid.NewGuid():N}";
    private readonly Dictionary<short, (short First, short Last)> _announced = [];
    private WireClient _client = null!;
    private string _servers = "";

    public async ValueTask InitializeAsync()
    {
        _servers = await Servers.KafkaAsync();
        _client = await WireClient.ConnectAsync(_servers);
        var versions = await _client.SendAsync("ApiVersions", 0, []);
        foreach (var api in versions.List("apiKeys"))
            _announced[api.Get<short>("apiKey")] = (api.Get<short>("minVersion"), api.Get<short>("maxVersion"));
        await CreateTopicAsync(_topic);
    }

    public ValueTask DisposeAsync()
    {
        _client.Dispose();
        return ValueTask.CompletedTask;
    }

    [Fact]
    public async Task ApiVersions_InEveryVersion_NamesTheRequests()
    {
        foreach (var version in Versions("ApiVersions", 0, 4))
        {
            var request = new Fields { ["clientSoftwareName"] = "wire", ["clientSoftwareVersion"] = "1.0" };
            var answer = await _client.SendAsync("ApiVersions", version, request);
            answer.Error.ShouldBe<short>(0);
            answer.List("apiKeys").Count.ShouldBeGreaterThan(20);
        }
    }

    [Fact]
    public async Task ApiVersions_TooNew_IsAnsweredInVersion0AndTheConnectionGoesOn()
    {
        await _client.SendFrameAsync([0, 18, 0, 99, 0, 0, 0, 7, 0xFF, 0xFF, 0, 1, 1, 0]);
        var answer = new WireReader(await _client.ReceiveFrameAsync(), version: 0, flexible: false);
        answer.ReadInt32().ShouldBe(7);
        answer.Read(WireProtocol.Api("ApiVersions").Response).Error.ShouldBe<short>(35);
        answer.Left.ShouldBe(0);
        (await _client.SendAsync("ApiVersions", 3, [])).ShouldNotBeNull();
    }

    [Fact]
    public async Task Metadata_InEveryVersion_DescribesTheTopic()
    {
        foreach (var version in Versions("Metadata", 0, 12))
        {
            var answer = await _client.SendAsync("Metadata", version, new() { ["topics"] = Topics() });
            answer.List("brokers").Count.ShouldBeGreaterThan(0);
            var topic = answer.Only("topics");
            topic.Error.ShouldBe<short>(0);
            topic["name"].ShouldBe(_topic);
            topic.List("partitions").Count.ShouldBe(2);
            var all = await _client.SendAsync("Metadata", version, []);
            all.List("topics").Select(each => each["name"]).ShouldContain(_topic);
        }

        Fields[] Topics() => [new() { ["name"] = _topic }];
    }

    [Fact]
    public async Task Metadata_ByTopicId_FindsItAndAnUnknownOneIsAnError()
    {
        var id = await TopicIdAsync();
        Fields[] topics = [new() { ["topicId"] = id }, new() { ["topicId"] = Guid.NewGuid() }];
        var answer = await _client.SendAsync("Metadata", 12, new() { ["topics"] = topics });
        answer.List("topics").Select(topic => topic.Error).ShouldBe<short>([0, 100], ignoreOrder: true);
    }

    [Fact]
    public async Task Topics_InEveryVersion_AreCreatedGrownConfiguredAndDeleted()
    {
        foreach (var version in Versions("CreateTopics", 0, 7))
        {
            var name = $"{_topic}-{version}";
            Fields[] settings = [new() { ["name"] = "retention.ms", ["value"] = "1000000" }];
            Fields topic = new()
            {
                ["name"] = name,
                ["numPartitions"] = 1,
                ["replicationFactor"] = 1,
                ["configs"] = settings,
            };
            Fields create = new() { ["topics"] = new[] { topic }, ["timeoutMs"] = 10_000 };
            (await _client.SendAsync("CreateTopics", version, create)).Only("topics").Error.ShouldBe<short>(0);
            (await _client.SendAsync("CreateTopics", version, create)).Only("topics").Error.ShouldBe<short>(36);

            Fields grown = new() { ["name"] = name, ["count"] = 3 };
            var growVersion = Nearest("CreatePartitions", version, 3);
            var growth = new Fields { ["topics"] = new[] { grown }, ["timeoutMs"] = 10_000 };
            (await _client.SendAsync("CreatePartitions", growVersion, growth)).Only("results").Error.ShouldBe<short>(0);

            Fields doomed = new() { ["name"] = name };
            var deleteVersion = Nearest("DeleteTopics", version, 6);
            var deletion = new Fields
            {
                ["topics"] = new[] { doomed },
                ["topicNames"] = new[] { name },
                ["timeoutMs"] = 10_000,
            };
            (await _client.SendAsync("DeleteTopics", deleteVersion, deletion))
                .Only("responses")
                .Error.ShouldBe<short>(0);
            (await _client.SendAsync("DeleteTopics", deleteVersion, deletion))
                .Only("responses")
                .Error.ShouldBe<short>(3);
        }
    }

    [Fact]
    public async Task Configuration_InEveryVersion_IsDescribedAndChanged()
    {
        foreach (var version in Versions("DescribeConfigs", 0, 4))
        {
            Fields[] setting = [new() { ["name"] = "retention.ms", ["value"] = $"{version + 1000}" }];
            Fields altered = new()
            {
                ["resourceType"] = 2,
                ["resourceName"] = _topic,
                ["configs"] = setting,
            };
            var change = new Fields { ["resources"] = new[] { altered } };
            var kind = version % 2 == 0 ? "AlterConfigs" : "IncrementalAlterConfigs";
            var changeVersion = Nearest(kind, version, kind == "AlterConfigs" ? (short)2 : (short)1);
            (await _client.SendAsync(kind, changeVersion, change)).Only("responses").Error.ShouldBe<short>(0);

            Fields asked = new() { ["resourceType"] = 2, ["resourceName"] = _topic };
            var request = new Fields { ["resources"] = new[] { asked }, ["includeSynonyms"] = true };
            // A real cluster takes a moment until a change is everywhere.
            await Eventually.HoldsAsync(
                async () =>
                {
                    var described = (await _client.SendAsync("DescribeConfigs", version, request)).Only("results");
                    described.Error.ShouldBe<short>(0);
                    var entry = described.List("configs").Single(each => each.Get<string>("name") == "retention.ms");
                    return entry.Get<string>("value") == $"{version + 1000}";
                },
                cancellation: TestContext.Current.CancellationToken
            );
        }
    }

    [Fact]
    public async Task ProduceThenFetch_InEveryVersion_GiveTheRecordsBack()
    {
        var id = await TopicIdAsync();
        var offset = 0L;
        foreach (var version in Versions("Produce", 3, 11))
        {
            var produced = await ProduceAsync(version, WireBatch.Create(["first", $"version {version}"]));
            produced.Error.ShouldBe<short>(0);
            produced["baseOffset"].ShouldBe(offset);
            offset += 2;
        }
        foreach (var version in Versions("Fetch", 4, 16))
        {
            var fetched = await FetchAsync(version, id, offset - 2);
            fetched.Error.ShouldBe<short>(0);
            fetched["highWatermark"].ShouldBe(offset);
            Encoding.UTF8.GetString(fetched.Get<byte[]>("records")).ShouldContain("version ");
        }
    }

    [Fact]
    public async Task Produce_WhatIsMalformed_IsRefusedWithKafkasCodes()
    {
        var good = WireBatch.Create(["value"]);
        (await ErrorAsync([])).ShouldBe<short>(87);
        (await ErrorAsync(good[..^1])).ShouldBe<short>(87);
        (await ErrorAsync([.. good, .. good])).ShouldBe<short>(87);
        (await ErrorAsync(Changed(good, 16, 9))).ShouldBe<short>(2);
        (await ErrorAsync(Changed(good, 65, 0x55))).ShouldBe<short>(2);
        (await ErrorAsync(Changed(good, 7, 5))).ShouldBe<short>(87);
        (await ErrorAsync(WireBatch.Sign(Changed(good, 60, 3)))).ShouldBe<short>(87);
        (await ErrorAsync(WireBatch.Sign(Changed(good, 22, 0x20)))).ShouldBe<short>(87);
        (await ErrorAsync(good, acks: 2)).ShouldBe<short>(21);
        (await ErrorAsync(good, partition: 77)).ShouldBe<short>(3);
        (await ErrorAsync(good)).ShouldBe<short>(0);

        async Task<short> ErrorAsync(byte[] batch, short acks = -1, int partition = 0) =>
            (await ProduceAsync(7, batch, acks, partition)).Error;

        static byte[] Changed(byte[] batch, int position, byte value)
        {
            batch = [.. batch];
            batch[position] = value;
            return batch;
        }
    }

    [Fact]
    public async Task Produce_SameSequenceAgain_AnswersTheFirstOffset()
    {
        var producer = (
            await _client.SendAsync("InitProducerId", 1, new() { ["transactionTimeoutMs"] = 60_000 })
        ).Get<long>("producerId");
        for (var sequence = 0; sequence < 7; sequence++)
            (await ProduceAsync(7, Batch(sequence)))["baseOffset"].ShouldBe((long)sequence);

        for (var sequence = 2; sequence < 7; sequence++)
        {
            var repeated = await ProduceAsync(7, Batch(sequence));
            repeated.Error.ShouldBe<short>(0);
            repeated["baseOffset"].ShouldBe((long)sequence);
        }
        (await ProduceAsync(7, Batch(1))).Error.ShouldBe<short>(45);
        (await ProduceAsync(7, Batch(9))).Error.ShouldBe<short>(45);
        (await ProduceAsync(7, Batch(0, epoch: 1))).Error.ShouldBe<short>(0);
        (await ProduceAsync(7, Batch(7))).Error.ShouldBe<short>(47);

        byte[] Batch(int sequence, short epoch = 0) => WireBatch.Create([$"{sequence}"], producer, epoch, sequence);
    }

    [Fact]
    public async Task InitProducerId_InEveryVersion_GivesEachProducerItsOwn()
    {
        var ids = new List<long>();
        foreach (var version in Versions("InitProducerId", 0, 5))
        {
            Fields request = new()
            {
                ["transactionTimeoutMs"] = 60_000,
                ["producerId"] = -1,
                ["producerEpoch"] = -1,
            };
            var answer = await _client.SendAsync("InitProducerId", version, request);
            answer.Error.ShouldBe<short>(0);
            ids.Add(answer.Get<long>("producerId"));
        }
        ids.Distinct().Count().ShouldBe(ids.Count);
    }

    [Fact]
    public async Task Transaction_InEveryVersion_CommitsRecordsAndOffsets()
    {
        foreach (var version in Versions("EndTxn", 0, 3))
        {
            var id = $"{_topic}-{version}";
            var group = $"group-{_topic}-{version}";
            await CoordinatorAsync(group, 2);
            var (producer, epoch) = await InitializeAsync(id);
            Fields request = new()
            {
                ["transactionalId"] = id,
                ["producerId"] = producer,
                ["producerEpoch"] = epoch,
                ["groupId"] = group,
                ["topics"] = new[]
                {
                    new Fields { ["name"] = _topic, ["partitions"] = new[] { 0 } },
                },
            };
            (await _client.SendAsync("EndTxn", version, request)).Error.ShouldBe<short>(48);
            var batch = WireBatch.Create(["t"], producer, epoch, 0);
            batch[22] = 0x10;
            (await ProduceTransactionalAsync(id, WireBatch.Sign(batch))).Error.ShouldBe<short>(48);
            (await _client.SendAsync("AddPartitionsToTxn", version, request))
                .Only("results")
                .Only("partitions")
                .Error.ShouldBe<short>(0);
            var produced = await ProduceTransactionalAsync(id, WireBatch.Sign(batch));
            produced.Error.ShouldBe<short>(0);
            (await _client.SendAsync("AddOffsetsToTxn", version, request)).Error.ShouldBe<short>(0);
            Fields offset = new()
            {
                ["partitionIndex"] = 0,
                ["committedOffset"] = 42,
                ["committedLeaderEpoch"] = -1,
            };
            Fields commit = new(request) { ["generationId"] = -1, ["topics"] = OnTopic("name", offset) };
            (await _client.SendAsync("TxnOffsetCommit", version, commit))
                .Only("topics")
                .Only("partitions")
                .Error.ShouldBe<short>(0);
            (await OffsetAsync(group)).Error.ShouldBe<short>(88);
            request["committed"] = true;
            (await _client.SendAsync("EndTxn", version, request)).Error.ShouldBe<short>(0);
            // A real cluster may still be writing the end.
            short repeated = 51;
            while (repeated == 51)
                repeated = (await _client.SendAsync("EndTxn", version, request)).Error;
            repeated.ShouldBe<short>(0);
            await Eventually.HoldsAsync(
                async () => (await OffsetAsync(group)).Get<long>("committedOffset") == 42,
                cancellation: TestContext.Current.CancellationToken
            );

            // A newer producer fences this one, whoever it asks.
            await InitializeAsync(id);
            short fenced = version < 2 ? (short)47 : (short)90;
            (await _client.SendAsync("EndTxn", version, request)).Error.ShouldBe(fenced);
            (await _client.SendAsync("AddPartitionsToTxn", version, request))
                .Only("results")
                .Only("partitions")
                .Error.ShouldBe(fenced);
            batch = WireBatch.Create(["t"], producer, epoch, 1);
            batch[22] = 0x10;
            (await ProduceTransactionalAsync(id, WireBatch.Sign(batch))).Error.ShouldBe<short>(47);
            request["producerId"] = producer + 1_000_000;
            (await _client.SendAsync("EndTxn", version, request)).Error.ShouldBe<short>(49);
        }

        async Task<(long Producer, short Epoch)> InitializeAsync(string id)
        {
            Fields request = new()
            {
                ["transactionalId"] = id,
                ["transactionTimeoutMs"] = 60_000,
                ["producerId"] = -1,
                ["producerEpoch"] = -1,
            };
            var answer = await _client.SendAsync("InitProducerId", 4, request);
            // A coordinator that has just been made, or an end that is still being written.
            for (var attempt = 0; answer.Error is 14 or 15 or 16 or 51 && attempt < 1000; attempt++)
            {
                await _client.SendAsync("FindCoordinator", 2, new() { ["key"] = id, ["keyType"] = 1 });
                answer = await _client.SendAsync("InitProducerId", 4, request);
            }
            answer.Error.ShouldBe<short>(0);
            return (answer.Get<long>("producerId"), answer.Get<short>("producerEpoch"));
        }

        async Task<Fields> OffsetAsync(string group)
        {
            Fields asked = new() { ["name"] = _topic, ["partitionIndexes"] = new[] { 0 } };
            Fields request = new()
            {
                ["groupId"] = group,
                ["topics"] = new[] { asked },
                ["requireStable"] = true,
            };
            return (await _client.SendAsync("OffsetFetch", 7, request)).Only("topics").Only("partitions");
        }
    }

    [Fact]
    public async Task Sasl_OnAPlainListener_IsRefusedAndTheConnectionGoesOn()
    {
        var answer = await _client.SendAsync("SaslHandshake", 1, new() { ["mechanism"] = "PLAIN" });
        answer.Error.ShouldBe<short>(34);
    }

    [Fact]
    public async Task Fetch_OfASessionThatIsNotThere_IsAnError()
    {
        Fields request = new()
        {
            ["replicaId"] = -1,
            ["maxBytes"] = 1000,
            ["sessionId"] = 77,
            ["sessionEpoch"] = 1,
        };
        (await _client.SendAsync("Fetch", 12, request)).Error.ShouldBe<short>(70);
    }

    [Fact]
    public async Task Fetch_OfAnUnknownTopicId_IsAnErrorOfThePartition()
    {
        var partition = await FetchAsync(13, Guid.NewGuid(), 0);
        partition.Error.ShouldBe<short>(100);
        partition["highWatermark"].ShouldBe(-1L);
        partition.List("abortedTransactions").ShouldBeEmpty();
    }

    [Fact]
    public async Task Offsets_InEveryVersion_AreListedDeletedAndKnownByEpoch()
    {
        await ProduceAsync(7, WireBatch.Create(["a", "b", "c"]));
        foreach (var version in Versions("ListOffsets", 1, 9))
        {
            (await ListAsync(version, -1)).ShouldBe(3);
            (await ListAsync(version, -2)).ShouldBe(0);
            (await ListAsync(version, 1)).ShouldBe(0);
            (await ListAsync(version, DateTimeOffset.UtcNow.AddDays(1).ToUnixTimeMilliseconds())).ShouldBe(-1);
        }
        foreach (var version in Versions("OffsetForLeaderEpoch", 2, 4))
        {
            Fields asked = new()
            {
                ["partition"] = 0,
                ["currentLeaderEpoch"] = -1,
                ["leaderEpoch"] = 1_000_000,
            };
            var request = new Fields { ["topics"] = OnTopic("topic", asked), ["replicaId"] = -1 };
            var answer = await _client.SendAsync("OffsetForLeaderEpoch", version, request);
            answer.Only("topics").Only("partitions").Error.ShouldBe<short>(0);
            answer.Only("topics").Only("partitions")["endOffset"].ShouldBe(-1L);
        }
        foreach (var version in Versions("DeleteRecords", 0, 2))
        {
            Fields wanted = new() { ["partitionIndex"] = 0, ["offset"] = (long)version };
            var request = new Fields { ["topics"] = OnTopic("name", wanted), ["timeoutMs"] = 10_000 };
            var answer = (await _client.SendAsync("DeleteRecords", version, request)).Only("topics").Only("partitions");
            answer.Error.ShouldBe<short>(0);
            answer["lowWatermark"].ShouldBe((long)version);
        }
        (await FetchAsync(11, Guid.Empty, 0)).Error.ShouldBe<short>(1);

        async Task<long> ListAsync(short version, long timestamp)
        {
            Fields wanted = new()
            {
                ["partitionIndex"] = 0,
                ["timestamp"] = timestamp,
                ["currentLeaderEpoch"] = -1,
            };
            var request = new Fields { ["replicaId"] = -1, ["topics"] = OnTopic("name", wanted) };
            var answer = await _client.SendAsync("ListOffsets", version, request);
            answer.Only("topics").Only("partitions").Error.ShouldBe<short>(0);
            return answer.Only("topics").Only("partitions").Get<long>("offset");
        }
    }

    [Fact]
    public async Task Cluster_InEveryVersion_IsDescribedWithItsDisks()
    {
        foreach (var version in Versions("DescribeCluster", 0, 1))
        {
            var answer = await _client.SendAsync("DescribeCluster", version, new() { ["endpointType"] = 1 });
            answer.Error.ShouldBe<short>(0);
            answer.List("brokers").Count.ShouldBeGreaterThan(0);
        }
        foreach (var version in Versions("DescribeLogDirs", 0, 4))
        {
            var answer = await _client.SendAsync("DescribeLogDirs", version, []);
            answer
                .List("results")
                .SelectMany(directory => directory.List("topics"))
                .Select(topic => topic["name"])
                .ShouldContain(_topic);
        }
    }

    [Fact]
    public async Task Group_InEveryVersion_GoesThroughItsWholeLife()
    {
        foreach (var version in Versions("JoinGroup", 0, 9))
        {
            var group = $"group-{_topic}-{version}";
            await CoordinatorAsync(group, Nearest("FindCoordinator", version, 6));
            var member = await JoinAsync(group, version);
            await SyncAsync(group, member, Nearest("SyncGroup", version, 5));
            await StayAsync(group, member, Nearest("Heartbeat", version, 4));
            await CommitAsync(group, member, Nearest("OffsetCommit", version, 9), Nearest("OffsetFetch", version, 9));
            await DescribeAsync(
                group,
                member,
                Nearest("DescribeGroups", version, 5),
                Nearest("ListGroups", version, 5)
            );
            await LeaveAsync(group, member, Nearest("LeaveGroup", version, 5), Nearest("DeleteGroups", version, 2));
        }
    }

    [Fact]
    public async Task Connection_ThatSendsNonsense_IsClosed()
    {
        await IsClosedAfterAsync([0x7F, 0x7F, 0, 0, 0, 0, 0, 1, 0xFF, 0xFF]);
        await IsClosedAfterAsync([0, 3, 0, 99, 0, 0, 0, 1, 0xFF, 0xFF]);
        await IsClosedAfterAsync([0, 3, 0, 1, 0, 0, 0, 1, 0xFF, 0xFF, 0x7F, 0xFF, 0xFF, 0xFF]);

        async Task IsClosedAfterAsync(byte[] frame)
        {
            using var client = await WireClient.ConnectAsync(_servers);
            await client.SendFrameAsync(frame);
            (await client.IsClosedAsync()).ShouldBeTrue();
        }
    }

    private async Task CoordinatorAsync(string group, short version)
    {
        Fields request = new() { ["key"] = group, ["coordinatorKeys"] = new[] { group } };
        await Eventually.HoldsAsync(async () =>
        {
            var answer = await _client.SendAsync("FindCoordinator", version, request);
            return (version >= 4 ? answer.Only("coordinators") : answer).Error == 0;
        });
    }

    private async Task<(string Id, int Generation)> JoinAsync(string group, short version)
    {
        Fields protocol = new() { ["name"] = "range", ["metadata"] = new byte[] { 1, 2, 3 } };
        Fields request = new()
        {
            ["groupId"] = group,
            ["sessionTimeoutMs"] = 10_000,
            ["rebalanceTimeoutMs"] = 10_000,
            ["protocolType"] = "consumer",
            ["protocols"] = new[] { protocol },
        };
        var answer = await _client.SendAsync("JoinGroup", version, request);
        // A coordinator that has just been made may still be loading.
        for (var attempt = 0; answer.Error is 14 or 15 or 16 && attempt < 100; attempt++)
            answer = await _client.SendAsync("JoinGroup", version, request);
        if (version >= 4)
        {
            answer.Error.ShouldBe<short>(79);
            request["memberId"] = answer["memberId"];
            answer = await _client.SendAsync("JoinGroup", version, request);
        }
        answer.Error.ShouldBe<short>(0, $"version {version}");
        answer["leader"].ShouldBe(answer["memberId"]);
        answer.Only("members").Get<byte[]>("metadata").ShouldBe([1, 2, 3]);
        return (answer.Get<string>("memberId"), answer.Get<int>("generationId"));
    }

    private async Task SyncAsync(string group, (string Id, int Generation) member, short version)
    {
        Fields assignment = new() { ["memberId"] = member.Id, ["assignment"] = new byte[] { 9, 8 } };
        Fields request = new()
        {
            ["groupId"] = group,
            ["generationId"] = member.Generation,
            ["memberId"] = member.Id,
            ["protocolType"] = "consumer",
            ["protocolName"] = "range",
            ["assignments"] = new[] { assignment },
        };
        var answer = await _client.SendAsync("SyncGroup", version, request);
        answer.Error.ShouldBe<short>(0);
        answer.Get<byte[]>("assignment").ShouldBe([9, 8]);
    }

    private async Task StayAsync(string group, (string Id, int Generation) member, short version)
    {
        Fields request = new()
        {
            ["groupId"] = group,
            ["generationId"] = member.Generation,
            ["memberId"] = member.Id,
        };
        (await _client.SendAsync("Heartbeat", version, request)).Error.ShouldBe<short>(0);
        request["generationId"] = member.Generation + 1;
        (await _client.SendAsync("Heartbeat", version, request)).Error.ShouldBe<short>(22);
        request["memberId"] = "nobody";
        (await _client.SendAsync("Heartbeat", version, request)).Error.ShouldBe<short>(25);
    }

    private async Task CommitAsync(string group, (string Id, int Generation) member, short version, short fetchVersion)
    {
        Fields commit = new()
        {
            ["groupId"] = group,
            ["generationIdOrMemberEpoch"] = member.Generation,
            ["memberId"] = member.Id,
            ["retentionTimeMs"] = -1,
            ["topics"] = OnTopic(
                "name",
                Committed(0, 42, "note"),
                Committed(1, 1, new string('x', 4097)),
                Committed(77, 1, "")
            ),
        };
        // Before version 1 a commit names no member, and a group with members takes none.
        if (version >= 1)
        {
            var committed = (await _client.SendAsync("OffsetCommit", version, commit))
                .Only("topics")
                .List("partitions");
            committed
                .Select(each => (each.Get<int>("partitionIndex"), each.Error))
                .ShouldBe<(int, short)>([(0, 0), (1, 12), (77, 3)], ignoreOrder: true);
        }
        Fields asked = new() { ["name"] = _topic, ["partitionIndexes"] = new[] { 0, 1 } };
        Fields ofGroup = new()
        {
            ["groupId"] = group,
            ["memberEpoch"] = -1,
            ["topics"] = new[] { asked },
        };
        Fields fetch = new()
        {
            ["groupId"] = group,
            ["topics"] = new[] { asked },
            ["groups"] = new[] { ofGroup },
        };
        if (fetchVersion == 0)
            return;
        var answer = await _client.SendAsync("OffsetFetch", fetchVersion, fetch);
        var offsets = (fetchVersion >= 8 ? answer.Only("groups") : answer).Only("topics").List("partitions");
        offsets.Select(each => each.Get<long>("committedOffset")).ShouldBe(version >= 1 ? [42, -1] : [-1, -1]);
        offsets[0]["metadata"].ShouldBe(version >= 1 ? "note" : "");

        static Fields Committed(int partition, long offset, string metadata) =>
            new()
            {
                ["partitionIndex"] = partition,
                ["committedOffset"] = offset,
                ["committedLeaderEpoch"] = -1,
                ["committedMetadata"] = metadata,
            };
    }

    private async Task DescribeAsync(string group, (string Id, int Generation) member, short version, short listVersion)
    {
        var described = (
            await _client.SendAsync("DescribeGroups", version, new() { ["groups"] = new[] { group } })
        ).Only("groups");
        described.Error.ShouldBe<short>(0);
        described["groupState"].ShouldBe("Stable");
        described.Only("members")["memberId"].ShouldBe(member.Id);
        described.Only("members").Get<byte[]>("memberAssignment").ShouldBe([9, 8]);
        var listed = await _client.SendAsync(
            "ListGroups",
            listVersion,
            new() { ["statesFilter"] = new[] { "Stable" } }
        );
        listed.List("groups").Select(each => each["groupId"]).ShouldContain(group);
    }

    private async Task LeaveAsync(string group, (string Id, int Generation) member, short version, short deleteVersion)
    {
        var deletion = new Fields { ["groupsNames"] = new[] { group } };
        (await _client.SendAsync("DeleteGroups", deleteVersion, deletion)).Only("results").Error.ShouldBe<short>(68);
        Fields leaver = new() { ["memberId"] = member.Id };
        Fields request = new()
        {
            ["groupId"] = group,
            ["memberId"] = member.Id,
            ["members"] = new[] { leaver },
        };
        var left = await _client.SendAsync("LeaveGroup", version, request);
        left.Error.ShouldBe<short>(0);
        if (version >= 3)
            left.Only("members").Error.ShouldBe<short>(0);
        (await _client.SendAsync("DeleteGroups", deleteVersion, deletion)).Only("results").Error.ShouldBe<short>(0);
        (await _client.SendAsync("DeleteGroups", deleteVersion, deletion)).Only("results").Error.ShouldBe<short>(69);
    }

    private async Task<Fields> ProduceAsync(short version, byte[] batch, short acks = -1, int partition = 0)
    {
        Fields data = new() { ["index"] = partition, ["records"] = batch };
        Fields topic = new() { ["name"] = _topic, ["partitionData"] = new[] { data } };
        Fields request = new()
        {
            ["acks"] = acks,
            ["timeoutMs"] = 10_000,
            ["topicData"] = new[] { topic },
        };
        return (await _client.SendAsync("Produce", version, request)).Only("responses").Only("partitionResponses");
    }

    private async Task<Fields> ProduceTransactionalAsync(string transactionalId, byte[] batch)
    {
        Fields data = new() { ["index"] = 0, ["records"] = batch };
        Fields topic = new() { ["name"] = _topic, ["partitionData"] = new[] { data } };
        Fields request = new()
        {
            ["transactionalId"] = transactionalId,
            ["acks"] = -1,
            ["timeoutMs"] = 10_000,
            ["topicData"] = new[] { topic },
        };
        return (await _client.SendAsync("Produce", 7, request)).Only("responses").Only("partitionResponses");
    }

    private async Task<Fields> FetchAsync(short version, Guid topicId, long offset)
    {
        Fields partition = new()
        {
            ["partition"] = 0,
            ["currentLeaderEpoch"] = -1,
            ["fetchOffset"] = offset,
            ["lastFetchedEpoch"] = -1,
            ["logStartOffset"] = -1,
            ["partitionMaxBytes"] = 100_000,
        };
        Fields topic = new()
        {
            ["topic"] = _topic,
            ["topicId"] = topicId,
            ["partitions"] = new[] { partition },
        };
        Fields request = new()
        {
            ["replicaId"] = -1,
            ["maxWaitMs"] = 100,
            ["minBytes"] = 1,
            ["maxBytes"] = 1_000_000,
            ["sessionEpoch"] = -1,
            ["topics"] = new[] { topic },
        };
        return (await _client.SendAsync("Fetch", version, request)).Only("responses").Only("partitions");
    }

    private Fields[] OnTopic(string field, params Fields[] partitions) =>
        [new() { [field] = _topic, ["partitions"] = partitions }];

    private async Task<Guid> TopicIdAsync()
    {
        Fields[] topics = [new() { ["name"] = _topic }];
        var answer = await _client.SendAsync("Metadata", 12, new() { ["topics"] = topics });
        return answer.Only("topics").Get<Guid>("topicId");
    }

    private async Task CreateTopicAsync(string name)
    {
        Fields topic = new()
        {
            ["name"] = name,
            ["numPartitions"] = 2,
            ["replicationFactor"] = -1,
        };
        var created = await _client.SendAsync(
            "CreateTopics",
            5,
            new() { ["topics"] = new[] { topic }, ["timeoutMs"] = 10_000 }
        );
        created.Only("topics").Error.ShouldBe<short>(0);
        Fields[] wanted = [new() { ["name"] = name }];
        await Eventually.HoldsAsync(async () =>
            (await _client.SendAsync("Metadata", 4, new() { ["topics"] = wanted })).Only("topics").Error == 0
        );
    }

    /// <summary>The versions that both sides know.</summary>
    private IEnumerable<short> Versions(string api, short first, short last)
    {
        var announced = _announced[WireProtocol.Api(api).Key];
        announced.Last.ShouldBeGreaterThanOrEqualTo(last, api);
        for (var version = Math.Max(first, announced.First); version <= last; version++)
            yield return version;
    }

    private short Nearest(string api, short version, short last) =>
        Math.Max(_announced[WireProtocol.Api(api).Key].First, Math.Min(version, last));
}
