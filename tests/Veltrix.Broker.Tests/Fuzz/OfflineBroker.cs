using System.Buffers.Binary;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Veltrix.Broker.Log;
using Veltrix.Broker.Network;
using Veltrix.Broker.Protocol;
using Veltrix.Testing;

namespace Veltrix.Broker.Tests.Fuzz;

/// <summary>A node without a network: a client is a list of requests that goes when they are all sent.</summary>
internal sealed class OfflineBroker : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);
    private readonly TemporaryDirectory _directory = new();
    private readonly BrokerMetrics _metrics = new();
    private readonly RecordedLogs _logs = new();
    private readonly ApiTable _apis;
    private readonly ByteBudget _budget;

    public OfflineBroker()
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
        Node = new BrokerNode(options, TimeProvider.System, _metrics, NullLogger.Instance, new PageCacheDisk());
        _apis = new ApiTable(Node);
        _budget = new ByteBudget(options.MaximumBytesInFlight);
    }

    public BrokerNode Node { get; }

    /// <summary>Connections so far.</summary>
    public int Connections { get; private set; }

    /// <summary>Exceptions that are nobody's answer.</summary>
    public IReadOnlyCollection<string> Errors => _logs.Errors;

    /// <summary>Why connections were closed.</summary>
    public IReadOnlyCollection<(LogLevel Level, string Text)> Refusals => _logs.Lines;

    /// <summary>Bytes of requests that are still in memory.</summary>
    public long RequestBytesInFlight => _budget.UsedBytes;

    /// <summary>Sends one frame, and gives all bytes that came back.</summary>
    public async Task<byte[]> AskAsync(byte[] frame)
    {
        using var answers = new MemoryStream();
        await SendAsync([frame], answers);
        return answers.ToArray();
    }

    /// <summary>Sends the frames over a connection of their own, and what a closed connection left over the next one.</summary>
    public async Task SendAsync(IEnumerable<byte[]> frames, Stream? answers = null)
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
        var end = new ClientEnd(
            "/fuzz",
            new PlainAuthentication(new Dictionary<string, string>(StringComparer.Ordinal)),
            () => true
        );
        while (input.Position < input.Length)
        {
            using var stream = new OneWayStream(input, answers);
            // A request that waits for others (a rebalance) ends when its client is seen to be gone, after a second.
            var first = input.Position;
            var serving = new ClientConnection(stream, end, Node, _apis, _budget, _logs).RunAsync(
                TestContext.Current.CancellationToken
            );
            try
            {
                await serving.WaitAsync(Patience, TestContext.Current.CancellationToken);
            }
            catch (TimeoutException error)
            {
                var sent = Convert.ToHexString(input.ToArray()[(int)first..(int)input.Position]);
                throw new TimeoutException($"A request does not end: {sent}", error);
            }
            Connections++;
        }
    }

    public void Dispose()
    {
        Node.Dispose();
        _metrics.Dispose();
        _directory.Dispose();
        _logs.Dispose();
    }
}
