using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;

namespace Veltrix.ServiceDefaults.Health;

/// <summary>Waits out the notice before any hosted service stops; the server is one of them.</summary>
internal sealed class DrainNotice(IOptions<DrainOptions> options, TimeProvider clock) : IHostedLifecycleService
{
    public Task StoppingAsync(CancellationToken cancellationToken) =>
        options.Value.NoticeSeconds > 0
            ? Task.Delay(TimeSpan.FromSeconds(options.Value.NoticeSeconds), clock, cancellationToken)
            : Task.CompletedTask;

    public Task StartingAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StartedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StoppedAsync(CancellationToken cancellationToken) => Task.CompletedTask;
}
