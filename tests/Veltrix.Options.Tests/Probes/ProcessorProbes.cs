using System.Collections.Concurrent;
using System.Diagnostics.Metrics;
using System.Text;
using Confluent.Kafka;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;
using Npgsql;
using Veltrix.Configuration;
using Veltrix.Events;
using Veltrix.Processor;
using Veltrix.Processor.Consuming;
using Veltrix.Processor.Database;
using Veltrix.Processor.Projections;
using Veltrix.Processor.Tests.Support;
using Veltrix.ServiceDefaults.Configuration;
using Veltrix.Testing;

namespace Veltrix.Options.Tests.Probes;

/// <summary>How events are handled: each probe looks at what the same events did before and after.</summary>
internal static class ProcessorProbes
{
    private const string PlayerMoved = "com.veltrix.player.moved";

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public static IEnumerable<Probe> All =>
        [
            new("processor.workers", WorkersShareABatchAsync),
            new("processor.maximumBatchEvents", BatchesAreSmallerAsync),
            new("processor.maximumBatchBytes", BatchesAreLighterAsync),
            new("processor.batchSpacingMilliseconds", BatchesAreFurtherApartAsync),
            new("processor.handlerTimeoutMilliseconds", AStuckBatchIsRepeatedAsync),
            new("processor.retry.firstMilliseconds", TheFirstPauseIsLongerAsync),
            new("processor.retry.longestMilliseconds", NoPauseIsLongerAsync),
            new("workflows.huntTimeoutMinutes", ANewHuntEndsEarlierAsync),
        ];

    // By the node's own handler: each worker's first event waits until as many workers have one in hand, so that fewer would
    // never meet, and more are counted.
    private static async Task WorkersShareABatchAsync(ProbedNodes nodes, string path)
    {
        var platform = await nodes.PlatformAsync();
        var node = await nodes.ProcessorAsync();
        foreach (var workers in new[] { 1, 3 })
        {
            var meeting = new Meeting(workers);
            var handler = new ProjectionHandler(
                node.Get<ProcessingDatabase>(),
                [meeting],
                platform.Configuration,
                node.Get<ProcessorMetrics>(),
                TimeProvider.System
            );
            await WhileAsync(
                platform,
                now => now.With(path, workers),
                () => handler.HandleAsync([.. Enumerable.Range(0, 100).Select(Record)], Cancellation)
            );
            meeting.Workers.ShouldBe(workers);
        }
    }

    // Of many keys, so that every worker has one.
    private static ConsumeResult<byte[], byte[]> Record(int number) =>
        new()
        {
            Topic = "probes",
            Partition = 0,
            Offset = number,
            Message = new Message<byte[], byte[]>
            {
                Key = Encoding.UTF8.GetBytes($"{Guid.NewGuid()}"),
                Value = [],
                Headers = new Headers
                {
                    { CloudEventHeaders.Id, Encoding.UTF8.GetBytes($"{Guid.NewGuid()}") },
                    { CloudEventHeaders.Source, "/probes"u8.ToArray() },
                    { CloudEventHeaders.Type, "com.example.met"u8.ToArray() },
                    { CloudEventHeaders.SpecVersion, "1.0"u8.ToArray() },
                },
            },
        };

    private static async Task BatchesAreSmallerAsync(ProbedNodes nodes, string path)
    {
        var platform = await GatheringAsync(nodes);
        (await LargestBatchAsync(platform, count: 40, bytes: 10)).ShouldBeGreaterThan(1);

        await WhileAsync(
            platform,
            now => now.With(path, 1),
            async () => (await LargestBatchAsync(platform, count: 40, bytes: 10)).ShouldBe(1)
        );
    }

    private static async Task BatchesAreLighterAsync(ProbedNodes nodes, string path)
    {
        var platform = await GatheringAsync(nodes);
        (await LargestBatchAsync(platform, count: 40, bytes: 20_000)).ShouldBeGreaterThan(4);

        await WhileAsync(
            platform,
            now => now.With(path, 64 * 1024),
            async () => (await LargestBatchAsync(platform, count: 40, bytes: 20_000)).ShouldBeLessThanOrEqualTo(4)
        );
    }

    // Each event waits for the effect of the one before, so each makes a transaction of its own.
    private static async Task BatchesAreFurtherApartAsync(ProbedNodes nodes, string path)
    {
        var platform = await nodes.PlatformAsync();
        (await ShortestGapAsync(0)).ShouldBeLessThan(TimeSpan.FromSeconds(1));
        (await ShortestGapAsync(3_000)).ShouldBeGreaterThan(TimeSpan.FromSeconds(1));

        async Task<TimeSpan> ShortestGapAsync(int spacingMilliseconds)
        {
            var source = $"/{Guid.NewGuid():N}";
            await WhileAsync(
                platform,
                now => now.With(path, spacingMilliseconds),
                async () =>
                {
                    for (var number = 1; number <= 4; number++)
                    {
                        await platform.MovedAsync("ann", $"{number}", 1, source);
                        await platform.UntilAsync(Handled(source), number);
                    }
                }
            );
            return await platform.QueryAsync<TimeSpan>(
                $"""
                SELECT min(gap) FROM (
                    SELECT committed_at - lag(committed_at) OVER (ORDER BY batch) AS gap FROM handled_batches
                    WHERE batch IN (SELECT batch FROM handled_events WHERE source = '{source}')
                ) AS gaps
                """
            );
        }
    }

    private static async Task AStuckBatchIsRepeatedAsync(ProbedNodes nodes, string path)
    {
        var platform = await nodes.PlatformAsync();
        var meter = (await nodes.ProcessorAsync()).Get<NodeMeter>();
        (await ErrorsWhileLockedAsync(attempts: 1)).ShouldBe(0);

        // The node shows it, too: what it cannot handle counts as errors, attempt by attempt.
        await WhileAsync(
            platform,
            now => now.With(path, 200),
            async () => (await ErrorsWhileLockedAsync(attempts: 2)).ShouldBeGreaterThan(0)
        );

        async Task<long> ErrorsWhileLockedAsync(int attempts)
        {
            var source = $"/{Guid.NewGuid():N}";
            await using var connection = await platform.Source.OpenConnectionAsync(Cancellation);
            await using var transaction = await connection.BeginTransactionAsync(Cancellation);
            await using var block = new NpgsqlCommand("LOCK TABLE players IN ACCESS EXCLUSIVE MODE", connection);
            await block.ExecuteNonQueryAsync(Cancellation);
            meter.Take();
            await platform.MovedAsync("ann", "stuck", 1, source);
            var seen = new HashSet<DateTime>();
            // Well below the default of 30 s: that one would end the attempt, too.
            await Eventually.HoldsAsync(
                async () =>
                {
                    if (await platform.WaitingSinceAsync() is { } since)
                        seen.Add(since);
                    return seen.Count >= attempts;
                },
                TimeSpan.FromSeconds(20),
                $"{attempts} attempts wait for the lock",
                Cancellation
            );
            var errors = meter.Take().Errors;
            await transaction.RollbackAsync(Cancellation);
            await platform.UntilAsync(Handled(source), 1);
            return errors;
        }
    }

    private static async Task TheFirstPauseIsLongerAsync(ProbedNodes nodes, string path)
    {
        (await PausesAsync(path, 10))[0].ShouldBeLessThanOrEqualTo(TimeSpan.FromMilliseconds(10));
        (await PausesAsync(path, 4_000))[0].ShouldBeGreaterThanOrEqualTo(TimeSpan.FromMilliseconds(2_000));
    }

    private static async Task NoPauseIsLongerAsync(ProbedNodes nodes, string path)
    {
        (await PausesAsync(path, 5_000)).Max().ShouldBeGreaterThan(TimeSpan.FromMilliseconds(2_000));
        (await PausesAsync(path, 100)).Max().ShouldBeLessThanOrEqualTo(TimeSpan.FromMilliseconds(100));
    }

    private static async Task ANewHuntEndsEarlierAsync(ProbedNodes nodes, string path)
    {
        var platform = await nodes.PlatformAsync();
        foreach (var minutes in new[] { 60, 7 })
        {
            platform.Configuration.Publish(now => now.With(path, minutes));
            await platform.HuntAsync("hunt.started", $"hunt-{minutes}", $"{minutes}", """{"name":"new","clues":1}""");
            await platform.UntilAsync($"SELECT count(*) FROM hunts WHERE hunt_id = 'hunt-{minutes}'", 1);
            (
                await platform.QueryAsync<double>(
                    $"""
                    SELECT extract(epoch FROM deadline_at - started_at)::double precision / 60 FROM hunts
                    WHERE hunt_id = 'hunt-{minutes}'
                    """
                )
            ).ShouldBe(minutes, tolerance: 2);
        }
    }

    /// <summary>Looks at the node while it runs on another configuration; the next probe finds it as it was.</summary>
    private static async Task WhileAsync(
        Platform platform,
        Func<PlatformConfiguration, PlatformConfiguration> change,
        Func<Task> look
    )
    {
        var before = platform.Configuration.Current.Configuration;
        platform.Configuration.Publish(change);
        try
        {
            await look();
        }
        finally
        {
            platform.Configuration.Publish(_ => before);
        }
    }

    /// <summary>Transactions far enough apart that events sent together meet in one.</summary>
    private static async Task<Platform> GatheringAsync(ProbedNodes nodes)
    {
        var platform = await nodes.PlatformAsync();
        platform.Configuration.Publish(now => now.With("processor.batchSpacingMilliseconds", 500));
        return platform;
    }

    /// <summary>How many of the events that are sent at once meet in one transaction.</summary>
    private static async Task<long> LargestBatchAsync(Platform platform, int count, int bytes)
    {
        var source = $"/{Guid.NewGuid():N}";
        var data = $$"""{"latitude":1.5,"longitude":2.5,"meters":1,"padding":"{{new string('x', bytes)}}"}""";
        await Task.WhenAll(
            Enumerable
                .Range(0, count)
                .Select(number =>
                    platform.ProduceAsync(platform.Players, PlayerMoved, "ann", $"{number}", data, source)
                )
        );
        await platform.UntilAsync(Handled(source), count);
        return await platform.QueryAsync<long>(
            $"""
            SELECT max(events) FROM (
                SELECT count(*) AS events FROM handled_events WHERE source = '{source}' GROUP BY batch
            ) AS batches
            """
        );
    }

    private static string Handled(string source) => $"SELECT count(*) FROM handled_events WHERE source = '{source}'";

    /// <summary>How long a node waits between the attempts at a batch whose database is away for ten of them.</summary>
    private static async Task<List<TimeSpan>> PausesAsync(string path, int value)
    {
        var limits = PlatformConfiguration.Default.With(path, value).Processor;
        await using var services = new ServiceCollection().AddMetrics().BuildServiceProvider();
        using var metrics = new ProcessorMetrics(
            services.GetRequiredService<IMeterFactory>(),
            new NodeMeter(),
            new ProcessorQueues(new TestConfiguration(PlatformConfiguration.Default)),
            NullLogger<ProcessorMetrics>.Instance
        );
        var time = new ImmediateTime(TimeSpan.FromMilliseconds(limits.HandlerTimeoutMilliseconds));
        var handling = new PersistentHandling(
            new AbsentDatabase(failures: 10),
            () => limits,
            metrics,
            time,
            NullLogger<PersistentHandling>.Instance
        );
        await handling.HandleAsync([], Cancellation);
        return time.Waits;
    }

    /// <summary>Every wait ends at once and is written down, but for that of the handler's own timeout.</summary>
    private sealed class ImmediateTime(TimeSpan timeout) : TimeProvider
    {
        public List<TimeSpan> Waits { get; } = [];

        public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
        {
            if (dueTime == timeout || dueTime == Timeout.InfiniteTimeSpan)
                return base.CreateTimer(callback, state, dueTime, period);
            Waits.Add(dueTime);
            return base.CreateTimer(callback, state, TimeSpan.Zero, period);
        }
    }

    private sealed class AbsentDatabase(int failures) : IBatchHandler
    {
        private int _attempts;

        public string Purpose => "probes";

        public Task HandleAsync(IReadOnlyList<ConsumeResult<byte[], byte[]>> records, CancellationToken cancellation) =>
            ++_attempts <= failures ? throw new TimeoutException("The database is away.") : Task.CompletedTask;

        public Task PutAsideAsync(
            ConsumeResult<byte[], byte[]> record,
            Exception failure,
            CancellationToken cancellation
        ) => throw new NotSupportedException();
    }

    private sealed class Meeting(int expected) : IProjection
    {
        private readonly CountdownEvent _absent = new(expected);
        private readonly ConcurrentDictionary<int, bool> _workers = new();

        public string EventType => "com.example.met";

        public string Effects => "SELECT 0";

        public int Workers => _workers.Count;

        public object Decode(in EventRecord record)
        {
            // A single worker needs no task of its own.
            if (_workers.TryAdd(Task.CurrentId ?? 0, true) && !_absent.IsSet)
            {
                _absent.Signal();
                if (!_absent.Wait(TimeSpan.FromSeconds(30), Cancellation))
                    throw new TimeoutException($"{_workers.Count} of {expected} workers have met.");
            }
            return this;
        }

        public IFold CreateFold() => new Nothing();
    }

    private sealed class Nothing : IFold
    {
        public void Add(in EventRecord record, object data, int position) { }

        public void Merge(IFold other) { }

        public bool Write(NpgsqlBatch batch) => false;

        public void Read(NpgsqlDataReader row) { }

        public void Committed() { }
    }
}
