using Veltrix.Conformance.Tests.Wire;
using Veltrix.Testing;
using static Veltrix.Conformance.Tests.Wire.WireRequests;

namespace Veltrix.Conformance.Tests;

/// <summary>What Apache Kafka answers to members of consumer groups, correct ones and others.</summary>
public sealed class WireCoordinatorTests : WireScenario
{
    [Fact]
    public async Task UnknownGroup_HasNeitherMembersNorGenerations()
    {
        await Client.FindCoordinatorAsync(Name);
        (await Client.HeartbeatAsync(Name, 1, "member")).ShouldBe<short>(25);
        (await Client.CommitAsync(Name, Name, generation: 1, memberId: "member")).ShouldBe<short>(22);
        var described = (await Client.SendAsync("DescribeGroups", 5, Groups(Name))).Only("groups");
        described.Error.ShouldBe<short>(0);
        described["groupState"].ShouldBe("Dead");
    }

    [Fact]
    public async Task EmptyGroupId_IsNoGroup()
    {
        await Client.FindCoordinatorAsync(Name);
        (await Client.HeartbeatAsync("", 1, "member")).ShouldBe<short>(24);
        (await Client.SendAsync("JoinGroup", 5, Join(""))).Error.ShouldBe<short>(24);
        Fields nobody = new() { ["memberId"] = "member", ["generationId"] = 1 };
        (await Client.SyncAsync("", nobody)).Error.ShouldBe<short>(24);
    }

    [Fact]
    public async Task Join_WithoutProtocols_IsInconsistent()
    {
        await Client.FindCoordinatorAsync(Name);
        var request = Join(Name);
        request["protocols"] = Array.Empty<Fields>();
        (await Client.SendAsync("JoinGroup", 5, request)).Error.ShouldBe<short>(23);
    }

    [Fact]
    public async Task SimpleCommit_MakesAnEmptyGroup_AndIsRefusedWhereThereAreMembers()
    {
        await Client.FindCoordinatorAsync(Name);
        (await Client.CommitAsync(Name, Name)).ShouldBe<short>(0);
        var described = (await Client.SendAsync("DescribeGroups", 5, Groups(Name))).Only("groups");
        described["groupState"].ShouldBe("Empty");
        described["protocolType"].ShouldBe("");

        await Client.SyncAsync(Name, await Client.JoinAsync(Name));
        (await Client.CommitAsync(Name, Name)).ShouldBe<short>(25);
    }

    [Fact]
    public async Task CommitMetadata_Has4096BytesAtMost()
    {
        await Client.FindCoordinatorAsync(Name);
        (await Client.CommitAsync(Name, Name, metadata: new string('x', 4096))).ShouldBe<short>(0);
        (await Client.CommitAsync(Name, Name, metadata: new string('x', 4097))).ShouldBe<short>(12);
    }

    [Fact]
    public async Task Commit_WhileTheGroupGathers_Succeeds_WhileItWaitsForTheAssignment_DoesNot()
    {
        var first = await Client.JoinAsync(Name);
        var (id, generation) = (first.Get<string>("memberId"), first.Get<int>("generationId"));
        (await Client.CommitAsync(Name, Name, generation, id)).ShouldBe<short>(27);
        (await Client.SyncAsync(Name, first)).Error.ShouldBe<short>(0);

        // A second member joins and waits for the first.
        var second = await ConnectAsync();
        var joining = second.JoinAsync(Name);
        await Eventually.HoldsAsync(
            async () => await Client.HeartbeatAsync(Name, generation, id) == 27,
            cancellation: TestContext.Current.CancellationToken
        );
        (await Client.CommitAsync(Name, Name, generation, id)).ShouldBe<short>(0);

        var rejoined = await Client.SendAsync("JoinGroup", 5, Join(Name, id));
        rejoined.Error.ShouldBe<short>(0);
        (await joining)["generationId"].ShouldBe(generation + 1);
        (await Client.CommitAsync(Name, Name, generation + 1, id)).ShouldBe<short>(27);
    }

    [Fact]
    public async Task StaticMember_ThatComesBackWithoutItsId_KeepsTheGenerationAndFencesItself()
    {
        var first = await Client.JoinAsync(Name, instanceId: "one");
        (await Client.SyncAsync(Name, first, instanceId: "one")).Error.ShouldBe<short>(0);
        var again = await (await ConnectAsync()).JoinAsync(Name, instanceId: "one");
        again.Error.ShouldBe<short>(0);
        again["generationId"].ShouldBe(first["generationId"]);
        again["memberId"].ShouldNotBe(first["memberId"]);
        again["leader"].ShouldBe(first["memberId"]);

        var generation = first.Get<int>("generationId");
        (await Client.HeartbeatAsync(Name, generation, first.Get<string>("memberId"), "one")).ShouldBe<short>(82);
        (await Client.HeartbeatAsync(Name, generation, again.Get<string>("memberId"), "one")).ShouldBe<short>(0);
    }
}
