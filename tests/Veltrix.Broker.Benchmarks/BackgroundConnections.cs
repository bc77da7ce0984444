namespace Veltrix.Broker.Benchmarks;

/// <summary>Connections that each write a small batch to a partition of their own once a second.</summary>
internal sealed class BackgroundConnections : IDisposable
{
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(1);
    private readonly List<RawProducer> _producers = [];
    private CancellationTokenSource _stop = new();
    private List<Task<LatencyHistogram>> _running = [];

    public BackgroundConnections(int port, string topic, int count)
    {
        for (var index = 0; index < count; index++)
            _producers.Add(new RawProducer(port, topic, index));
    }

    public void Begin()
    {
        _stop = new CancellationTokenSource();
        _running = [.. _producers.Select((producer, index) => RunAsync(producer, index, _stop.Token))];
    }

    /// <summary>Stops after the requests under way.</summary>
    public LatencyHistogram End()
    {
        _stop.Cancel();
        var all = new LatencyHistogram();
        foreach (var task in _running)
            all.Add(task.GetAwaiter().GetResult());
        _running = [];
        _stop.Dispose();
        return all;
    }

    public void Dispose()
    {
        foreach (var producer in _producers)
            producer.Dispose();
    }

    private async Task<LatencyHistogram> RunAsync(RawProducer producer, int index, CancellationToken stop)
    {
        var latency = new LatencyHistogram();
        try
        {
            await Task.Delay(Pause * index / _producers.Count, stop);
            using var timer = new PeriodicTimer(Pause);
            do
            {
                latency.Record((long)(await producer.ProduceAsync(CancellationToken.None)).TotalMicroseconds);
            } while (await timer.WaitForNextTickAsync(stop));
        }
        catch (OperationCanceledException)
        {
            // The measurement is over.
        }
        return latency;
    }
}
