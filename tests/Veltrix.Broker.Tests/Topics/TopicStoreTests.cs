using Microsoft.Extensions.Logging.Abstractions;
using Veltrix.Broker.Protocol;
using Veltrix.Broker.Tests.Log;
using Veltrix.Broker.Topics;
using Veltrix.Testing;

namespace Veltrix.Broker.Tests.Topics;

/// <summary>Changes of topics that the disk refuses.</summary>
public sealed class TopicStoreTests : IDisposable
{
    private readonly TemporaryDirectory _directory = new();
    private readonly BrokerMetrics _metrics = new();
    private readonly TestLog.BreakableDisk _disk = new();
    private BrokerNode _node;

    public TopicStoreTests()
    {
        _node = Open();
        Create("topic").ShouldBe(ErrorCode.None);
    }

    private TopicStore Topics => _node.Topics;

    public void Dispose()
    {
        _node.Dispose();
        _disk.Dispose();
        _metrics.Dispose();
        _directory.Dispose();
    }

    [Fact]
    public void AddPartitions_ThatAreNotDurable_AreNotThere()
    {
        _disk.IsFullFor = IsCatalogue;
        Topics.AddPartitions("topic", 3, validateOnly: false).Error.ShouldBe(ErrorCode.KafkaStorageError);
        Topics.Find("topic")!.Partitions.Length.ShouldBe(1);

        _disk.IsFullFor = static _ => false;
        Topics.AddPartitions("topic", 3, validateOnly: false).Error.ShouldBe(ErrorCode.None);
        Reopen();
        Topics.Find("topic")!.Partitions.Length.ShouldBe(3);
    }

    [Fact]
    public void Create_ThatIsNotDurable_LeavesNothingBehind()
    {
        _disk.IsFullFor = IsCatalogue;
        Create("other").ShouldBe(ErrorCode.KafkaStorageError);
        Topics.Find("other").ShouldBeNull();
        Directory.GetDirectories(Path.Combine(_directory.Path, "topics"), "other*").ShouldBeEmpty();
        File.Exists(Path.Combine(_directory.Path, "topics.json.new")).ShouldBeFalse("it keeps the disk full");
    }

    [Fact]
    public void Configure_ThatIsNotDurable_ChangesNothing()
    {
        _disk.IsFullFor = IsCatalogue;
        var change = new SettingChange("segment.bytes", SettingOperation.Set, "5000");
        var topic = Topics.Find("topic")!;
        Topics
            .Configure(topic, [change], replaceAll: false, validateOnly: false)
            .Error.ShouldBe(ErrorCode.KafkaStorageError);
        topic.Configuration.ShouldBeEmpty();
        topic.Partition(0)!.Settings.SegmentBytes.ShouldNotBe(5000);
    }

    [Fact]
    public void Delete_ThatIsNotDurable_LeavesTheTopicAsItIs()
    {
        _disk.IsFullFor = IsCatalogue;
        var topic = Topics.Find("topic")!;
        Topics.Delete(topic).ShouldBe(ErrorCode.KafkaStorageError);
        Topics.Find("topic").ShouldBe(topic);
        Topics.Find(topic.Id).ShouldBe(topic);
        topic.Partition(0)!.Append(TestBatch.Create(), null, 0).Error.ShouldBe(ErrorCode.None);
    }

    private static bool IsCatalogue(string path) => path.Contains("topics.json", StringComparison.Ordinal);

    private ErrorCode Create(string name) =>
        Topics.Create(name, 1, new Dictionary<string, string?>(), validateOnly: false).Error;

    private void Reopen()
    {
        _node.Dispose();
        _node = Open();
    }

    private BrokerNode Open() =>
        new(
            new BrokerOptions { DataDirectory = _directory.Path },
            new ManualTime(),
            _metrics,
            NullLogger.Instance,
            _disk
        );
}
