using System.Buffers.Binary;
using System.Collections.Concurrent;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Veltrix.Broker.Log;
using Veltrix.Broker.Network;
using Veltrix.Broker.Protocol;

namespace Veltrix.Broker.Tests.Fuzz;

/// <summary>
/// Requests that no client would send. A connection may be closed for them; nothing else may happen: no exception but
/// the one that says so, no request that never ends, no memory that stays. VELTRIX_FUZZ_REQUESTS sets how many
/// (1,000,000 is the whole campaign), VELTRIX_FUZZ_SEED which.
/// </summary>
public sealed class FuzzTests : IDisposable
{
    private const int RequestsPerConnection = 20;
    private const int WarmUpRequests = 4_000;
    private const long MaximumGrowthBytes = 64 * 1024 * 1024;
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);
    private readonly TemporaryDirectory _directory = new();
    private readonly BrokerMetrics _metrics = new();
    private readonly Failures _failures = new();
    private readonly BrokerNode _node;
    private readonly ApiTable _apis;
    private readonly ByteBudget _budget;

    public FuzzTests()
    {
        // Limits that are soon reached, so that what is left of requests can grow no further.
        var options = new BrokerOptions
        {
            DataDirectory = _directory.Path,
            Durability = Durability.None,
            MaximumGroups = 20,
            MaximumGroupMembers = 10,
            MaximumTopics = 10,
            MaximumPartitions = 50,
            MaximumTransactionalIds = 10,
            MaximumFetchWaitMilliseconds = 1,
            MaximumProducersPerPartition = 10,
            SegmentBytes = 1024 * 1024,
            RetentionBytes = 4 * 1024 * 1024,
        };
        _node = new BrokerNode(options, TimeProvider.System, _metrics, NullLogger.Instance, new PageCacheDisk());
        _apis = new ApiTable(_node);
        _budget = new ByteBudget(options.MaximumBytesInFlight);
    }

    public void Dispose()
    {
        _node.Dispose();
        _metrics.Dispose();
        _directory.Dispose();
    }

    [Fact]
    public async Task Requests_ThatAreWellFormed_AreAlwaysRead()
    {
        var generator = new RequestGenerator(Seed);
        for (var count = 0; count < Requests / 4; count++)
        {
            var frame = generator.WellFormed(out var api, out var version);
            var before = _failures.Refusals.Count;
            await SendAsync([frame]);
            // Without acknowledgement a failed produce request ends its connection by design.
            _failures
                .Refusals.Skip(before)
                .Where(reason => !reason.Contains("without acknowledgement", StringComparison.Ordinal))
                .ShouldBeEmpty($"{api.Name} version {version}: {Convert.ToHexString(frame)}");
            Check(count);
        }
    }

    [Fact]
    public async Task Requests_ThatAreMutatedOrRandom_DoNoHarm()
    {
        var generator = new RequestGenerator(Seed);
        var atFirst = 0L;
        for (var sent = 0; sent < Requests; sent += RequestsPerConnection)
        {
            if (sent == Math.Min(WarmUpRequests, Requests / 2 / RequestsPerConnection * RequestsPerConnection))
                atFirst = Settled();
            await SendAsync(Enumerable.Range(0, RequestsPerConnection).Select(_ => generator.Next()));
            Check(sent);
            if (sent % 10_000 == 0)
                _node.ApplyRetention();
        }
        (Settled() - atFirst).ShouldBeLessThan(MaximumGrowthBytes);
    }

    private static int Requests => Number("VELTRIX_FUZZ_REQUESTS", 10_000);

    private static int Seed => Number("VELTRIX_FUZZ_SEED", 20_261);

    private static int Number(string variable, int otherwise) =>
        int.TryParse(Environment.GetEnvironmentVariable(variable), out var value) ? value : otherwise;

    private void Check(int sent) =>
        _failures.Errors.ShouldBeEmpty($"after {sent} requests of VELTRIX_FUZZ_SEED={Seed}");

    private static long Settled() => GC.GetTotalMemory(forceFullCollection: true);

    private async Task SendAsync(IEnumerable<byte[]> frames)
    {
        using var input = new MemoryStream();
        var size = new byte[sizeof(int)];
        foreach (var frame in frames)
        {
            BinaryPrimitives.WriteInt32BigEndian(size, frame.Length);
            input.Write(size);
            input.Write(frame);
        }
        input.Position = 0;
        using var stream = new OneWayStream(input);
        var end = new ClientEnd("/fuzz", new PlainAuthentication(new Dictionary<string, string>()), () => true);
        // A request that waits for others (a rebalance) ends when its client is seen to be gone, after a second.
        await new ClientConnection(stream, end, _node, _apis, _budget, _failures)
            .RunAsync(TestContext.Current.CancellationToken)
            .WaitAsync(Patience, TestContext.Current.CancellationToken);
    }

    private sealed class Failures : ILogger
    {
        public ConcurrentQueue<string> Errors { get; } = new();

        public ConcurrentQueue<string> Refusals { get; } = new();

        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(
            LogLevel logLevel,
            EventId eventId,
            TState state,
            Exception? exception,
            Func<TState, Exception?, string> formatter
        )
        {
            if (logLevel >= LogLevel.Error)
                Errors.Enqueue($"{formatter(state, exception)}: {exception}");
            else if (Refusals.Count < 100_000)
                Refusals.Enqueue(formatter(state, exception));
        }
    }
}
