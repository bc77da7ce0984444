using Veltrix.Conformance.Tests.Wire;
using Veltrix.Testing;

namespace Veltrix.Broker.Tests.Clients;

/// <summary>A disk that is really full, under a broker that is a process of its own.</summary>
public sealed class FullDiskTests
{
    private const int BatchBytes = 100_000;
    private const short KafkaStorageError = 56;
    private const short CoordinatorNotAvailable = 15;
    private const short CoordinatorLoadInProgress = 14;
    private const int MostBatches = 1000;
    private const int MostCommits = 1000;

    [Fact]
    public async Task Full_RefusesReadsOnAndGoesOnWhenThereIsRoom()
    {
        await using var disk = await SmallDisk.MountAsync(megabytes: 24);
        await disk.FillAsync("filler", megabytes: 12);
        await using var broker = await StartAsync(disk);
        var stored = 0;
        var groups = 0;
        using (var client = await ConnectAsync(broker))
        {
            await client.CreateTopicAsync("topic");
            stored = await ProduceUntilFullAsync(client, stored);
            stored.ShouldBeGreaterThan(20);
            await disk.FillUpAsync("rest");

            (await ProduceAsync(client, stored)).ShouldBe(KafkaStorageError);
            groups = await CommitUntilFullAsync(client);
            (await CreateAsync(client, "other")).ShouldBe(KafkaStorageError);
            (await InitializeAsync(client)).ShouldBe(CoordinatorLoadInProgress);
            await HasAllAsync(client, stored, groups);

            await disk.RemoveAsync("filler");
            await disk.RemoveAsync("rest");
            (await ProduceAsync(client, stored++)).ShouldBe<short>(0);
            (await client.CommitAsync($"group-{groups++}", "topic")).ShouldBe<short>(0);
            (await CreateAsync(client, "other")).ShouldBe<short>(0);
            (await InitializeAsync(client)).ShouldBe<short>(0);
            await HasAllAsync(client, stored, groups);
        }
        (await broker.TerminateAsync()).ShouldBe(0);
        await broker.StartAgainAsync();
        using (var client = await ConnectAsync(broker))
            await HasAllAsync(client, stored, groups);
    }

    [Fact]
    public async Task Full_ThenKilled_HasEverythingAcknowledged()
    {
        await using var disk = await SmallDisk.MountAsync(megabytes: 16);
        await disk.FillAsync("filler", megabytes: 8);
        await using var broker = await StartAsync(disk);
        var stored = 0;
        var groups = 0;
        using (var client = await ConnectAsync(broker))
        {
            await client.CreateTopicAsync("topic");
            stored = await ProduceUntilFullAsync(client, stored);
            await disk.FillUpAsync("rest");
            groups = await CommitUntilFullAsync(client);
        }
        await broker.KillAsync();
        await disk.RemoveAsync("rest");
        await disk.RemoveAsync("filler");
        await broker.StartAgainAsync();
        using (var client = await ConnectAsync(broker))
        {
            await HasAllAsync(client, stored, groups);
            (await ProduceAsync(client, stored++)).ShouldBe<short>(0);
            await HasAllAsync(client, stored, groups);
        }
    }

    [Fact]
    public async Task Start_OnAFullDisk_SaysWhatItCannotWrite()
    {
        await using var disk = await SmallDisk.MountAsync(megabytes: 1);
        await disk.FillUpAsync("filler");
        var (code, output) = await BrokerProcess.RunToEndAsync(disk.Path, disk.Enter);
        code.ShouldBe(1);
        output.ShouldContain("node.json cannot be written: No space left on device");
    }

    [Fact]
    public async Task Full_IsFreedByRetention()
    {
        await using var disk = await SmallDisk.MountAsync(megabytes: 16);
        await using var broker = await StartAsync(disk, retentionBytes: 2 * 1024 * 1024);
        using var client = await ConnectAsync(broker);
        await client.CreateTopicAsync("topic");
        var stored = await ProduceUntilFullAsync(client, 0);
        await disk.FillUpAsync("rest");
        await Eventually.HoldsAsync(
            async () => await ProduceAsync(client, stored) == 0,
            cancellation: TestContext.Current.CancellationToken
        );
    }

    private static Task<BrokerProcess> StartAsync(SmallDisk disk, long retentionBytes = -1) =>
        BrokerProcess.StartAsync(
            disk.Path,
            new()
            {
                ["Broker__SegmentBytes"] = "1048576",
                ["Broker__RetentionBytes"] = $"{retentionBytes}",
                ["Broker__RetentionCheckSeconds"] = "1",
                ["Broker__CheckpointBytes"] = "65536",
                ["Broker__CheckpointIntervalMilliseconds"] = "20",
            },
            disk.Enter
        );

    private static async Task<WireClient> ConnectAsync(BrokerProcess broker)
    {
        var client = await WireClient.ConnectAsync(broker.Servers);
        await client.FindCoordinatorAsync("group");
        return client;
    }

    private static async Task<int> ProduceUntilFullAsync(WireClient client, int stored)
    {
        for (; stored < MostBatches; stored++)
        {
            if (await ProduceAsync(client, stored) is var error && error != 0)
            {
                error.ShouldBe(KafkaStorageError);
                return stored;
            }
        }
        throw new InvalidOperationException("The disk was never full.");
    }

    private static async Task<short> ProduceAsync(WireClient client, int number)
    {
        var now = DateTimeOffset.UtcNow.ToUnixTimeMilliseconds();
        var batch = TestBatch.Create(payloadBytes: BatchBytes, timestamp: now, fill: (byte)number);
        var answer = await client.ProduceAsync("topic", batch);
        if (answer.Error == 0)
            answer.Get<long>("baseOffset").ShouldBe(number);
        return answer.Error;
    }

    /// <summary>A group each; what is left of a page still takes some.</summary>
    private static async Task<int> CommitUntilFullAsync(WireClient client)
    {
        for (var groups = 0; groups < MostCommits; groups++)
        {
            if (await client.CommitAsync($"group-{groups}", "topic") is var error && error != 0)
            {
                error.ShouldBe(CoordinatorNotAvailable);
                (await OffsetAsync(client, $"group-{groups}")).ShouldBe(-1);
                return groups;
            }
        }
        throw new InvalidOperationException("The disk was never full.");
    }

    private static async Task<short> CreateAsync(WireClient client, string name)
    {
        Fields topic = new()
        {
            ["name"] = name,
            ["numPartitions"] = 3,
            ["replicationFactor"] = -1,
        };
        var request = new Fields { ["topics"] = new[] { topic }, ["timeoutMs"] = 10_000 };
        return (await client.SendAsync("CreateTopics", 5, request)).Only("topics").Error;
    }

    private static async Task<short> InitializeAsync(WireClient client) =>
        (await client.SendAsync("InitProducerId", 1, new() { ["transactionTimeoutMs"] = 60_000 })).Error;

    private static async Task<long> OffsetAsync(WireClient client, string group)
    {
        Fields topic = new() { ["name"] = "topic", ["partitionIndexes"] = new[] { 0 } };
        Fields request = new() { ["groupId"] = group, ["topics"] = new[] { topic } };
        var answer = await client.SendAsync("OffsetFetch", 5, request);
        return answer.Only("topics").Only("partitions").Get<long>("committedOffset");
    }

    private static async Task HasAllAsync(WireClient client, int stored, int groups)
    {
        for (var offset = 0L; offset < stored; )
        {
            var request = WireRequests.Fetch("topic", [WireRequests.FetchPartition(offset)]);
            var answer = (await client.SendAsync("Fetch", 11, request)).Only("responses").Only("partitions");
            answer.Error.ShouldBe<short>(0);
            answer.Get<long>("highWatermark").ShouldBe(stored);
            var records = answer.Get<byte[]>("records");
            records.ShouldNotBeEmpty();
            while (records.Length > 0)
            {
                var header = new BatchHeader(records);
                header.BaseOffset.ShouldBe(offset);
                BatchHeader.HasValidCrc(records.AsSpan(0, (int)header.TotalBytes)).ShouldBeTrue();
                records[(int)header.TotalBytes - 2].ShouldBe((byte)offset);
                records = records[(int)header.TotalBytes..];
                offset++;
            }
        }
        for (var group = 0; group < groups; group++)
            (await OffsetAsync(client, $"group-{group}")).ShouldBe(42);
    }
}
