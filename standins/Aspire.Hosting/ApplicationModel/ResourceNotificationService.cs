using System.Collections.Immutable;
using System.Diagnostics.CodeAnalysis;
using System.Runtime.CompilerServices;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace Aspire.Hosting.ApplicationModel;

/// <summary>The last known state of every replica of every resource, and a way to wait for a change of it.</summary>
public class ResourceNotificationService
{
    private readonly Lock _gate = new();
    private ImmutableDictionary<string, ResourceEvent> _states = ImmutableDictionary.Create<string, ResourceEvent>(
        StringComparer.OrdinalIgnoreCase
    );
    private TaskCompletionSource _changed = NextChange();

    internal ResourceNotificationService() { }

    public Task PublishUpdateAsync(
        IResource resource,
        Func<CustomResourceSnapshot, CustomResourceSnapshot> stateFactory
    ) => PublishUpdateAsync(resource, resource.Name, stateFactory);

    public Task PublishUpdateAsync(
        IResource resource,
        string resourceId,
        Func<CustomResourceSnapshot, CustomResourceSnapshot> stateFactory
    )
    {
        TaskCompletionSource changed;
        lock (_gate)
        {
            var snapshot = _states.TryGetValue(resourceId, out var last)
                ? last.Snapshot
                : new CustomResourceSnapshot { ResourceType = resource.GetType().Name, Properties = [] };
            _states = _states.SetItem(resourceId, new ResourceEvent(resource, stateFactory(snapshot)));
            (changed, _changed) = (_changed, NextChange());
        }
        changed.SetResult();
        return Task.CompletedTask;
    }

    public bool TryGetCurrentState(string resourceId, [NotNullWhen(true)] out ResourceEvent? resourceEvent) =>
        _states.TryGetValue(resourceId, out resourceEvent);

    public Task WaitForResourceAsync(
        string resourceName,
        string? targetState = null,
        CancellationToken cancellationToken = default
    ) =>
        WaitForResourceAsync(
            resourceName,
            state => state.Snapshot.State?.Text == (targetState ?? KnownResourceStates.Running),
            cancellationToken
        );

    public async Task<ResourceEvent> WaitForResourceAsync(
        string resourceName,
        Func<ResourceEvent, bool> predicate,
        CancellationToken cancellationToken = default
    )
    {
        await foreach (var state in WatchAsync(cancellationToken))
            if (
                string.Equals(state.Resource.Name, resourceName, StringComparison.OrdinalIgnoreCase) && predicate(state)
            )
                return state;
        throw new OperationCanceledException(cancellationToken);
    }

    public Task<ResourceEvent> WaitForResourceHealthyAsync(
        string resourceName,
        CancellationToken cancellationToken = default
    ) =>
        WaitForResourceAsync(
            resourceName,
            state =>
                state.Snapshot.State?.Text == KnownResourceStates.Running
                && (
                    state.Snapshot.HealthStatus == HealthStatus.Healthy
                    || !state.Resource.Annotations.OfType<HealthCheckAnnotation>().Any()
                ),
            cancellationToken
        );

    /// <summary>What is known now, then what changes. A watcher that is slow sees the last of several changes only.</summary>
    public async IAsyncEnumerable<ResourceEvent> WatchAsync(
        [EnumeratorCancellation] CancellationToken cancellationToken = default
    )
    {
        var seen = ImmutableDictionary<string, ResourceEvent>.Empty;
        while (true)
        {
            Task changed;
            ImmutableDictionary<string, ResourceEvent> states;
            lock (_gate)
                (changed, states) = (_changed.Task, _states);
            foreach (var (id, state) in states)
                if (!seen.TryGetValue(id, out var last) || !ReferenceEquals(last, state))
                    yield return state;
            seen = states;
            await changed.WaitAsync(cancellationToken);
        }
    }

    private static TaskCompletionSource NextChange() => new(TaskCreationOptions.RunContinuationsAsynchronously);
}
