using Veltrix.Config.Store;
using Veltrix.Config.Versions;
using Veltrix.ServiceDefaults;

namespace Veltrix.Config.History;

/// <summary>Verifies the history once, as soon as the store answers. The service serves meanwhile.</summary>
internal sealed class VerifyAtStart(
    IServiceScopeFactory scopes,
    VersionFeed feed,
    TimeProvider time,
    ILogger<VerifyAtStart> logger
) : SteadyService(time, logger)
{
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(5);

    protected override async Task RunAsync(CancellationToken stoppingToken)
    {
        await feed.Prepared.WaitAsync(stoppingToken);
        while (!await TryVerifyAsync(stoppingToken))
            await Task.Delay(Pause, time, stoppingToken);
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
