using Microsoft.Extensions.Logging.Abstractions;
using Veltrix.Broker.Groups;
using Veltrix.Broker.Protocol;
using Veltrix.Broker.Tests.Log;
using Veltrix.Testing;

namespace Veltrix.Broker.Tests.Groups;

/// <summary>How long committed offsets are kept, and when they are shown.</summary>
public sealed class GroupCoordinatorTests : IDisposable
{
    private static readonly TopicPartition First = new("topic", 0);
    private readonly TemporaryDirectory _directory = new();
    private readonly ManualTime _time = new();
    private readonly BrokerMetrics _metrics = new();
    private readonly TestLog.BreakableDisk _disk = new();
    private BrokerNode _node;

    public GroupCoordinatorTests()
    {
        _node = Open();
        _node.Groups.IsFound = true;
        CreateTopic();
    }

    public void Dispose()
    {
        _node.Dispose();
        _disk.Dispose();
        _metrics.Dispose();
        _directory.Dispose();
    }

    [Fact]
    public async Task Offsets_OfAGroupWithoutMembers_AreKeptForTheirTimeAndNoLonger()
    {
        var offset = await CommitAsync(42);
        _time.Advance(TimeSpan.FromHours(167));
        await _node.Groups.RemoveExpiredAsync();
        Reopen();
        _node.Groups.Find("group")!.Offsets[First].ShouldBe(offset);

        // A restart is no use of the group: a broker that restarts every week would never forget one.
        _time.Advance(TimeSpan.FromHours(2));
        await _node.Groups.RemoveExpiredAsync();
        _node.Groups.Find("group").ShouldBeNull();
        Reopen();
        _node.Groups.Find("group").ShouldBeNull();
    }

    [Fact]
    public async Task Offsets_OfAGroupThatHadMembers_AreKeptForTheirTimeAfterTheLastOneLeft()
    {
        await CommitAsync(42);
        var member = await JoinAsync();
        _time.Advance(TimeSpan.FromHours(200));
        _node.Groups.Find("group")!.Leave(ref member, instanceId: null).ShouldBe(ErrorCode.None);
        _time.Advance(TimeSpan.FromHours(167));
        Reopen();
        await _node.Groups.RemoveExpiredAsync();
        _node.Groups.Find("group").ShouldNotBeNull();
        _time.Advance(TimeSpan.FromHours(2));
        Reopen();
        await _node.Groups.RemoveExpiredAsync();
        _node.Groups.Find("group").ShouldBeNull();
    }

    [Fact]
    public async Task Commit_IsShownWhenItIsDurable_AndNotBefore()
    {
        var before = await CommitAsync(1);
        _disk.HoldFlushes();
        var offset = new CommittedOffset(2, -1, null, 0);
        var committing = _node.Groups.Commit(_node.Groups.Find("group")!, First, offset);
        _node.Groups.Find("group")!.Offsets[First].ShouldBe(before);
        _disk.ReleaseFlushes();
        (await committing).ShouldBeTrue();
        _node.Groups.Find("group")!.Offsets[First].ShouldBe(offset);
    }

    [Fact]
    public async Task Commit_ThatTheDiskRefuses_IsNeverShown()
    {
        var before = await CommitAsync(1);
        _disk.IsFullFor = static path => path.EndsWith("groups.journal", StringComparison.Ordinal);
        (await CommitAsync(2, succeeds: false)).ShouldNotBe(before);
        _node.Groups.Find("group")!.Offsets[First].ShouldBe(before);
        _disk.IsFullFor = static _ => false;
        Reopen();
        _node.Groups.Find("group")!.Offsets[First].ShouldBe(before);
    }

    [Fact]
    public async Task Delete_ThatTheDiskRefuses_LeavesTheGroupAsItIs()
    {
        var before = await CommitAsync(1);
        _disk.IsFullFor = static path => path.EndsWith("groups.journal", StringComparison.Ordinal);
        (await _node.Groups.DeleteAsync("group")).ShouldBe(ErrorCode.CoordinatorNotAvailable);
        _node.Groups.Find("group")!.Offsets[First].ShouldBe(before);
        _disk.IsFullFor = static _ => false;
        var after = await CommitAsync(2);
        Reopen();
        _node.Groups.Find("group")!.Offsets[First].ShouldBe(after);
        (await _node.Groups.DeleteAsync("group")).ShouldBe(ErrorCode.None);
        _node.Groups.Find("group").ShouldBeNull();
    }

    /// <summary>A crash came after the topic was deleted and before its offsets were.</summary>
    [Fact]
    public async Task Offsets_OfATopicThatIsGone_AreForgottenAtTheStart()
    {
        await CommitAsync(42);
        _node.Topics.Delete(_node.Topics.Find("topic")!).ShouldBe(ErrorCode.None);
        Reopen();
        CreateTopic();
        (_node.Groups.Find("group")?.Offsets.ContainsKey(First) ?? false).ShouldBeFalse();
        Reopen();
        (_node.Groups.Find("group")?.Offsets.ContainsKey(First) ?? false).ShouldBeFalse();
    }

    private async Task<CommittedOffset> CommitAsync(long offset, bool succeeds = true)
    {
        var (error, group) = _node.Groups.CheckCommit("group", "", null, -1);
        error.ShouldBe(ErrorCode.None);
        var committed = new CommittedOffset(offset, -1, "note", _time.GetUtcNow().ToUnixTimeMilliseconds());
        (await _node.Groups.Commit(group!, First, committed)).ShouldBe(succeeds);
        return committed;
    }

    private async Task<string> JoinAsync()
    {
        var request = new JoinRequest(
            "group",
            "",
            null,
            "client",
            "/127.0.0.1",
            TimeSpan.FromSeconds(30),
            TimeSpan.FromSeconds(30),
            "consumer",
            [new MemberProtocol("range", [])],
            MayRequireMemberId: false
        );
        var joined = await _node.Groups.JoinAsync(request);
        joined.Error.ShouldBe(ErrorCode.None);
        return joined.MemberId;
    }

    private void CreateTopic() =>
        _node.Topics.Create("topic", 1, new Dictionary<string, string?>(), false).Error.ShouldBe(ErrorCode.None);

    private void Reopen()
    {
        _node.Dispose();
        _node = Open();
        _node.Groups.IsFound = true;
    }

    private BrokerNode Open() =>
        new(
            new BrokerOptions { DataDirectory = _directory.Path, InitialRebalanceDelayMilliseconds = 0 },
            _time,
            _metrics,
            NullLogger.Instance,
            _disk
        );
}
