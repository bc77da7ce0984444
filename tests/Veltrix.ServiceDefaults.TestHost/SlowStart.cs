namespace Veltrix.ServiceDefaults.TestHost;

/// <summary>Takes for ever to start, as a service does whose server does not answer.</summary>
internal sealed class SlowStart : IHostedService
{
    public async Task StartAsync(CancellationToken cancellationToken)
    {
        Console.WriteLine("Starting slowly");
        await Task.Delay(Timeout.InfiniteTimeSpan, cancellationToken);
    }

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
}
