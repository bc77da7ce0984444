using Microsoft.Extensions.Logging.Abstractions;
using Veltrix.Broker.Groups;
using Veltrix.Broker.Log;
using Veltrix.Broker.Protocol;
using Veltrix.Testing;

namespace Veltrix.Broker.Tests.Groups;

/// <summary>How long committed offsets are kept.</summary>
public sealed class GroupCoordinatorTests : IDisposable
{
    private static readonly TopicPartition First = new("topic", 0);
    private readonly TemporaryDirectory _directory = new();
    private readonly ManualTime _time = new();
    private readonly BrokerMetrics _metrics = new();
    private BrokerNode _node;

    public GroupCoordinatorTests()
    {
        _node = Open();
        _node.Groups.IsFound = true;
    }

    public void Dispose()
    {
        _node.Dispose();
        _metrics.Dispose();
        _directory.Dispose();
    }

    [Fact]
    public async Task Offsets_OfAGroupWithoutMembers_AreKeptForTheirTimeAndNoLonger()
    {
        var (error, group) = _node.Groups.CheckCommit("group", "", null, -1);
        error.ShouldBe(ErrorCode.None);
        var offset = new CommittedOffset(42, -1, "note", _time.GetUtcNow().ToUnixTimeMilliseconds());
        (await _node.Groups.Commit(group!, First, offset)).ShouldBeTrue();

        _time.Advance(TimeSpan.FromHours(167));
        await _node.Groups.RemoveExpiredAsync();
        _node.Dispose();
        _node = Open();
        _node.Groups.Find("group")!.Offsets[First].ShouldBe(offset);

        // A restart counts as the moment from which on the group has no members.
        _time.Advance(TimeSpan.FromHours(169));
        await _node.Groups.RemoveExpiredAsync();
        _node.Groups.Find("group").ShouldBeNull();
        _node.Dispose();
        _node = Open();
        _node.Groups.Find("group").ShouldBeNull();
    }

    private BrokerNode Open() =>
        new(
            new BrokerOptions { DataDirectory = _directory.Path },
            _time,
            _metrics,
            NullLogger.Instance,
            new PageCacheDisk()
        );
}
