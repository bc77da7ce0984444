using Aspire.Hosting.ApplicationModel;

namespace Veltrix.StandIns.Tests.Model;

public class ResourceNotificationTests
{
    private readonly ResourceNotificationService _notifications = new();
    private readonly ProjectResource _resource = new("ingest");

    [Fact]
    public async Task WaitForResource_StateThatComesLater_IsSeen()
    {
        var waiting = _notifications.WaitForResourceAsync(
            "ingest",
            KnownResourceStates.Running,
            TestContext.Current.CancellationToken
        );
        await PublishAsync(KnownResourceStates.Starting);
        waiting.IsCompleted.ShouldBeFalse();

        await PublishAsync(KnownResourceStates.Running);

        await waiting;
    }

    [Fact]
    public async Task WaitForResource_StateOfAnyReplica_Counts()
    {
        await _notifications.PublishUpdateAsync(
            _resource,
            "ingest-abcdefgh",
            snapshot => snapshot with { State = KnownResourceStates.Running }
        );

        await _notifications.WaitForResourceAsync("INGEST", cancellationToken: TestContext.Current.CancellationToken);
        _notifications.TryGetCurrentState("ingest-abcdefgh", out _).ShouldBeTrue();
    }

    [Fact]
    public async Task WaitForResourceHealthy_RunningWithAnUnknownHealth_Waits()
    {
        _resource.Annotations.Add(new HealthCheckAnnotation("check"));
        await PublishAsync(KnownResourceStates.Running);

        var waiting = _notifications.WaitForResourceHealthyAsync("ingest", TestContext.Current.CancellationToken);

        waiting.IsCompleted.ShouldBeFalse();
        await _notifications.PublishUpdateAsync(
            _resource,
            snapshot =>
                snapshot with
                {
                    HealthStatus = Microsoft.Extensions.Diagnostics.HealthChecks.HealthStatus.Healthy,
                }
        );
        (await waiting).Resource.ShouldBeSameAs(_resource);
    }

    private Task PublishAsync(string state) =>
        _notifications.PublishUpdateAsync(_resource, snapshot => snapshot with { State = state });
}
