using Microsoft.Extensions.Options;
using Veltrix.Config.Store;
using Veltrix.Config.Versions;
using Veltrix.ServiceDefaults;

namespace Veltrix.Config.History;

/// <summary>Verifies the history as soon as the store answers, and from time to time after that. The service serves meanwhile.</summary>
internal sealed class Verification(
    IServiceScopeFactory scopes,
    VersionFeed feed,
    IOptions<HistoryOptions> options,
    TimeProvider time,
    ILogger<Verification> logger
) : SteadyService(time, logger)
{
    private static readonly TimeSpan RetryInterval = TimeSpan.FromSeconds(5);

    protected override async Task RunAsync(CancellationToken stoppingToken)
    {
        await feed.Prepared.WaitAsync(stoppingToken);
        while (true)
        {
            var isDone = await TryVerifyAsync(stoppingToken);
            await Task.Delay(isDone ? options.Value.VerifyInterval : RetryInterval, time, stoppingToken);
        }
    }

    private async Task<bool> TryVerifyAsync(CancellationToken cancellation)
    {
        try
        {
            await using var scope = scopes.CreateAsyncScope();
            await scope.ServiceProvider.GetRequiredService<ChainVerifier>().VerifyAsync(cancellation);
            return true;
        }
        catch (Exception exception) when (StoreFailure.Is(exception) && !cancellation.IsCancellationRequested)
        {
            // VersionFeed says that the store is away.
            return false;
        }
    }
}
