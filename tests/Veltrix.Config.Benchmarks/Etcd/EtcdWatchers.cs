using Veltrix.Cli.Watchers;

namespace Veltrix.Config.Benchmarks.Etcd;

/// <summary>The same measurement with etcd: watchers with connections of their own, and writes of one key.</summary>
internal sealed class EtcdWatchers(Uri address, int watchers)
{
    private const int ConnectingAtOnce = 64;
    private static readonly byte[] Key = "configuration"u8.ToArray();
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(200);

    private readonly PublicationLedger _ledger = new(watchers, acknowledges: false, TimeProvider.System);
    private int _round;

    /// <summary>Writes <paramref name="value"/> again and again, and waits each time until all have seen it.</summary>
    public async Task<WatchersResult> RunAsync(byte[] value, int warmUp, int publishes, CancellationToken cancellation)
    {
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        var work = await ConnectAsync(value, stop.Token);
        using var client = GrpcCall.Client(address);
        var put = EtcdMessages.PutRequest(Key, value);
        for (_round = 1; _round <= warmUp + publishes; _round++)
        {
            _ledger.Begin(_round, isMeasured: _round > warmUp);
            using (var call = await GrpcCall.StartAsync(client, EtcdMessages.Put, put, staysOpen: false, stop.Token))
                await call.NextAsync(stop.Token);
            _ledger.Answer();
            await _ledger.CompleteAsync(Patience, stop.Token);
            await Task.Delay(Pause, stop.Token);
        }
        await stop.CancelAsync();
        await Task.WhenAll(work).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        if (_ledger.Missed > 0)
            throw new InvalidOperationException($"{_ledger.Missed} writes were not seen.");
        return new WatchersResult(
            watchers,
            publishes,
            Spread.Of(_ledger.Published),
            Spread.Of(_ledger.Seen),
            null,
            0,
            0,
            0,
            null,
            null,
            null
        );
    }

    private async Task<List<Task>> ConnectAsync(byte[] value, CancellationToken cancellation)
    {
        var work = new List<Task>();
        await Parallel.ForAsync(
            0,
            watchers,
            new ParallelOptions { MaxDegreeOfParallelism = ConnectingAtOnce, CancellationToken = cancellation },
            async (_, token) =>
            {
                var client = GrpcCall.Client(address);
                var call = await GrpcCall.StartAsync(
                    client,
                    EtcdMessages.Watch,
                    EtcdMessages.WatchRequest(Key),
                    staysOpen: true,
                    token
                );
                // The first answer says that the watch exists.
                await call.NextAsync(token);
                lock (work)
                    work.Add(WatchAsync(client, call, value, cancellation));
            }
        );
        return work;
    }

    private async Task WatchAsync(HttpClient client, GrpcCall call, byte[] value, CancellationToken cancellation)
    {
        using var owned = client;
        using var open = call;
        while (true)
        {
            var message = await call.NextAsync(cancellation);
            var seen = TimeProvider.System.GetTimestamp();
            if (message.Span.IndexOf(value) >= 0)
                _ledger.See(_round, seen);
        }
    }
}
