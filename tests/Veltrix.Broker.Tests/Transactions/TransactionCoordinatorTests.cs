using Microsoft.Extensions.Logging.Abstractions;
using Veltrix.Broker.Groups;
using Veltrix.Broker.Log;
using Veltrix.Broker.Protocol;
using Veltrix.Broker.Tests.Log;
using Veltrix.Broker.Transactions;
using Veltrix.Testing;

namespace Veltrix.Broker.Tests.Transactions;

/// <summary>The coordinator on a node without a network, with time that the test moves.</summary>
public sealed class TransactionCoordinatorTests : IDisposable
{
    private const string Id = "transfers";
    private static readonly TopicPartition First = new("topic", 0);
    private static readonly TimeSpan Timeout = TimeSpan.FromSeconds(60);
    private readonly TemporaryDirectory _directory = new();
    private readonly ManualTime _time = new();
    private readonly BrokerMetrics _metrics = new();
    private TestLog.BreakableDisk _disk = new();
    private BrokerNode _node;

    public TransactionCoordinatorTests()
    {
        _node = Open();
        _node.Topics.Create("topic", 2, new Dictionary<string, string?>(), validateOnly: false);
    }

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    private TransactionCoordinator Coordinator => _node.Transactions;

    public void Dispose()
    {
        _node.Dispose();
        _disk.Dispose();
        _metrics.Dispose();
        _directory.Dispose();
    }

    [Fact]
    public async Task Initialize_Again_RaisesTheEpochAndFencesTheOneBefore()
    {
        var (producer, epoch) = await InitializeAsync();
        var (again, higher) = await InitializeAsync();
        again.ShouldBe(producer);
        higher.ShouldBe((short)(epoch + 1));
        (await AddAsync(producer, epoch)).ShouldBe(ErrorCode.ProducerFenced);
        (await EndAsync(producer, epoch, commit: true)).ShouldBe(ErrorCode.ProducerFenced);
        Coordinator.CheckProducer(Id, producer, epoch).ShouldBe(ErrorCode.InvalidProducerEpoch);
        Coordinator.CheckProducer(Id, producer + 1, higher).ShouldBe(ErrorCode.InvalidProducerIdMapping);
        Coordinator.CheckProducer("other", producer, higher).ShouldBe(ErrorCode.InvalidProducerIdMapping);
    }

    [Fact]
    public async Task Initialize_OverAnOpenTransaction_AbortsItAndRaisesTheEpochByTwo()
    {
        var (producer, epoch) = await BeginAsync();
        var (_, higher) = await InitializeAsync();
        higher.ShouldBe((short)(epoch + 2));
        _node.Topics.Partition("topic", 0)!.OpenTransactions.ShouldBeEmpty();
        Append(producer, epoch, sequence: 1).ShouldBe(ErrorCode.InvalidProducerEpoch);
    }

    [Fact]
    public async Task Initialize_WithTheEpochItHas_GivesTheNextOneOnce()
    {
        var (producer, epoch) = await InitializeAsync();
        var raised = await Coordinator.InitializeAsync(Id, Timeout, producer, epoch, Cancellation);
        raised.ShouldBe((ErrorCode.None, producer, (short)(epoch + 1)));
        // The answer was lost, and is asked for again.
        (await Coordinator.InitializeAsync(Id, Timeout, producer, epoch, Cancellation)).ShouldBe(raised);
        (await Coordinator.InitializeAsync(Id, Timeout, producer, 77, Cancellation)).Error.ShouldBe(
            ErrorCode.ProducerFenced
        );
        (await Coordinator.InitializeAsync(Id, Timeout, producer + 1, epoch, Cancellation)).Error.ShouldBe(
            ErrorCode.ProducerFenced
        );
    }

    [Fact]
    public async Task Initialize_WithTheLastEpoch_GivesANewProducer()
    {
        _disk.SkipsFlushes = true;
        var (producer, _) = await InitializeAsync();
        for (var epoch = 1; epoch < short.MaxValue; epoch++)
            Coordinator.CheckProducer(Id, producer, (await InitializeAsync()).Epoch).ShouldBe(ErrorCode.None);
        var (next, first) = await InitializeAsync();
        next.ShouldNotBe(producer);
        first.ShouldBe((short)0);
    }

    [Fact]
    public async Task Requests_ThatMakeNoSense_AreRefusedAsKafkaDoes()
    {
        (await Coordinator.InitializeAsync("", Timeout, -1, -1, Cancellation)).Error.ShouldBe(ErrorCode.InvalidRequest);
        (await Coordinator.InitializeAsync(Id, TimeSpan.FromHours(1), -1, -1, Cancellation)).Error.ShouldBe(
            ErrorCode.InvalidTransactionTimeout
        );
        (await Coordinator.InitializeAsync(Id, TimeSpan.Zero, -1, -1, Cancellation)).Error.ShouldBe(
            ErrorCode.InvalidTransactionTimeout
        );
        (await AddAsync(1, 0)).ShouldBe(ErrorCode.InvalidProducerIdMapping);
        var (producer, epoch) = await InitializeAsync();
        (await EndAsync(producer, epoch, commit: true)).ShouldBe(ErrorCode.InvalidTransactionState);
        (await AddAsync(producer + 1, epoch)).ShouldBe(ErrorCode.InvalidProducerIdMapping);
        (await AddAsync(producer, epoch)).ShouldBe(ErrorCode.None);
        (await EndAsync(producer, epoch, commit: true)).ShouldBe(ErrorCode.None);
        (await EndAsync(producer, epoch, commit: true)).ShouldBe(ErrorCode.None);
        (await EndAsync(producer, epoch, commit: false)).ShouldBe(ErrorCode.InvalidTransactionState);
    }

    [Fact]
    public async Task Initialize_BeyondTheLimit_IsRefused()
    {
        _node.Options.MaximumTransactionalIds = 1;
        await InitializeAsync();
        (await Coordinator.InitializeAsync("another", Timeout, -1, -1, Cancellation)).Error.ShouldBe(
            ErrorCode.CoordinatorNotAvailable
        );
    }

    [Fact]
    public async Task Tend_AfterTheTimeout_AbortsAndFences()
    {
        var (producer, epoch) = await BeginAsync();
        _time.Advance(Timeout - TimeSpan.FromSeconds(1));
        await Coordinator.TendAsync(Cancellation);
        Coordinator.OpenCount.ShouldBe(1);
        _time.Advance(TimeSpan.FromSeconds(1));
        await Coordinator.TendAsync(Cancellation);
        Coordinator.OpenCount.ShouldBe(0);
        (await EndAsync(producer, epoch, commit: true)).ShouldBe(ErrorCode.ProducerFenced);
        Append(producer, epoch, sequence: 1).ShouldBe(ErrorCode.InvalidProducerEpoch);
        var partition = _node.Topics.Partition("topic", 0)!;
        partition.LastStableOffset.ShouldBe(partition.HighWatermark);
    }

    [Fact]
    public async Task Tend_ForgetsAnIdThatNobodyUses()
    {
        var (producer, epoch) = await InitializeAsync();
        _time.Advance(TimeSpan.FromHours(169));
        await Coordinator.TendAsync(Cancellation);
        Coordinator.Count.ShouldBe(0);
        (await AddAsync(producer, epoch)).ShouldBe(ErrorCode.InvalidProducerIdMapping);
    }

    [Fact]
    public async Task Restart_LeavesAnOpenTransactionOpen()
    {
        var (producer, epoch) = await BeginAsync();
        await RestartAsync();
        Coordinator.OpenCount.ShouldBe(1);
        Append(producer, epoch, sequence: 1).ShouldBe(ErrorCode.None);
        (await EndAsync(producer, epoch, commit: true)).ShouldBe(ErrorCode.None);
        await Coordinator.TendAsync(Cancellation);
        _node.Topics.Partition("topic", 0)!.OpenTransactions.ShouldBeEmpty();
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Restart_WithADecidedEnd_CompletesIt(bool commit)
    {
        var (producer, epoch) = await BeginAsync();
        await CommitOffsetAsync(producer, epoch);
        // The decision is durable; then the disk fails before any marker is written.
        _disk.FailsToWriteMarkers = true;
        (await EndAsync(producer, epoch, commit)).ShouldBe(ErrorCode.None);
        _node.Topics.Partition("topic", 0)!.OpenTransactions.ShouldBe([producer]);
        (await AddAsync(producer, epoch)).ShouldBe(ErrorCode.ConcurrentTransactions);
        await RestartAsync();

        var partition = _node.Topics.Partition("topic", 0)!;
        partition.OpenTransactions.ShouldBeEmpty();
        partition.LastStableOffset.ShouldBe(partition.HighWatermark);
        partition.TryFindCommitted(0, 1000, true, out _, out var aborted).ShouldBe(ErrorCode.None);
        aborted.Count.ShouldBe(commit ? 0 : 1);
        // A group that has nothing but what was aborted is not kept.
        var group = _node.Groups.Find("group");
        group?.IsPending(First).ShouldBeFalse();
        (group?.Offsets.ContainsKey(First) ?? false).ShouldBe(commit);
        (await EndAsync(producer, epoch, commit)).ShouldBe(ErrorCode.None);
    }

    [Fact]
    public async Task Offsets_ArePendingUntilTheTransactionEnds()
    {
        var (producer, epoch) = await BeginAsync();
        await CommitOffsetAsync(producer, epoch);
        var group = _node.Groups.Find("group")!;
        group.IsPending(First).ShouldBeTrue();
        group.Offsets.ShouldBeEmpty();
        await RestartAsync();
        group = _node.Groups.Find("group")!;
        group.IsPending(First).ShouldBeTrue();
        (await EndAsync(producer, epoch, commit: true)).ShouldBe(ErrorCode.None);
        group.IsPending(First).ShouldBeFalse();
        group.Offsets[First].Offset.ShouldBe(42);
    }

    [Fact]
    public async Task Offsets_WhoseEndTheDiskRefuses_AreCommittedWhenThereIsRoomAgain()
    {
        var (producer, epoch) = await BeginAsync();
        await CommitOffsetAsync(producer, epoch);
        _disk.IsFullFor = path => path.EndsWith("groups.journal", StringComparison.Ordinal);
        (await EndAsync(producer, epoch, commit: true)).ShouldBe(ErrorCode.None);
        var group = _node.Groups.Find("group")!;
        group.IsPending(First).ShouldBeTrue();
        group.Offsets.ShouldBeEmpty();

        _disk.IsFullFor = static _ => false;
        await Coordinator.TendAsync(Cancellation);
        group.IsPending(First).ShouldBeFalse();
        await RestartAsync();
        group = _node.Groups.Find("group")!;
        group.Offsets[First].Offset.ShouldBe(42);
        group.IsPending(First).ShouldBeFalse();
    }

    [Fact]
    public async Task Offsets_OfAGroupThatWasNotAdded_AreRefused()
    {
        var (producer, epoch) = await BeginAsync();
        var error = await Coordinator.WithinAsync(
            new(Id, producer, epoch),
            "group",
            () => Task.FromResult(ErrorCode.None),
            Cancellation
        );
        error.ShouldBe(ErrorCode.InvalidTransactionState);
    }

    [Fact]
    public async Task Recover_AbortsWhatNoTransactionalIdKnowsOf()
    {
        await InitializeAsync();
        var (producer, epoch) = await BeginAsync();
        _node.Dispose();
        File.Delete(Path.Combine(_directory.Path, "transactions.journal"));
        _node = Open();
        await Coordinator.RecoverAsync();
        var partition = _node.Topics.Partition("topic", 0)!;
        partition.OpenTransactions.ShouldBeEmpty();
        partition.LastStableOffset.ShouldBe(2);
        // Whoever was fenced stays so.
        Append(producer, (short)(epoch - 1), sequence: 0).ShouldBe(ErrorCode.InvalidProducerEpoch);
    }

    private async Task CommitOffsetAsync(long producer, short epoch)
    {
        (await Coordinator.AddOffsetsAsync(new(Id, producer, epoch), "group", Cancellation)).ShouldBe(ErrorCode.None);
        var (error, group) = _node.Groups.CheckTransactionalCommit("group", "", null, -1);
        error.ShouldBe(ErrorCode.None);
        (await _node.Groups.CommitPending(group!, producer, First, new CommittedOffset(42, -1, "", 0))).ShouldBeTrue();
    }

    private async Task<(long Producer, short Epoch)> BeginAsync()
    {
        var (producer, epoch) = await InitializeAsync();
        (await AddAsync(producer, epoch)).ShouldBe(ErrorCode.None);
        Append(producer, epoch, sequence: 0).ShouldBe(ErrorCode.None);
        return (producer, epoch);
    }

    private async Task<(long Producer, short Epoch)> InitializeAsync()
    {
        var (error, producer, epoch) = await Coordinator.InitializeAsync(Id, Timeout, -1, -1, Cancellation);
        error.ShouldBe(ErrorCode.None);
        return (producer, epoch);
    }

    private Task<ErrorCode> AddAsync(long producer, short epoch) =>
        Coordinator.AddPartitionsAsync(new(Id, producer, epoch), [First], Cancellation);

    private Task<ErrorCode> EndAsync(long producer, short epoch, bool commit) =>
        Coordinator.EndAsync(new(Id, producer, epoch), commit, Cancellation);

    private ErrorCode Append(long producer, short epoch, int sequence) =>
        _node
            .Topics.Partition("topic", 0)!
            .Append(
                TestBatch.Create(producerId: producer, producerEpoch: epoch, sequence: sequence, attributes: 0x10),
                null,
                0
            )
            .Error;

    private async Task RestartAsync()
    {
        _node.Dispose();
        _disk.Dispose();
        _disk = new TestLog.BreakableDisk();
        _node = Open();
        await Coordinator.RecoverAsync();
    }

    private BrokerNode Open()
    {
        var options = new BrokerOptions { DataDirectory = _directory.Path };
        var node = new BrokerNode(options, _time, _metrics, NullLogger.Instance, _disk);
        node.Transactions.IsFound = node.Groups.IsFound = true;
        return node;
    }
}
