using System.Diagnostics;
using Aspire.Hosting.ApplicationModel;

namespace Aspire.Hosting.Orchestration;

/// <summary>What a supervised process is made of; the parts differ for projects and servers.</summary>
/// <param name="Name">Name of the instance, such as <c>ingest-abcdefgh</c>.</param>
/// <param name="Stage">Its place in the order of stopping.</param>
/// <param name="Prepare">Says what to start, before each start.</param>
/// <param name="Probe">Whether the running process is healthy; null when running is all there is to know.</param>
/// <param name="Complete">Runs each time that the process became healthy, before it is said to be.</param>
/// <param name="Output">Receives each line: the process's own and those about it.</param>
internal sealed record Supervision(
    string Name,
    int Stage,
    Func<CancellationToken, Task<ProcessSpecification>> Prepare,
    Func<CancellationToken, Task<bool>>? Probe,
    Func<CancellationToken, Task>? Complete,
    Action<string> Output
);

/// <summary>Keeps one process running: starts it, watches its health, starts it again with a growing pause when it ends.</summary>
internal sealed class SupervisedProcess(Supervision supervision, ProcessSession session, bool restart, Action changed)
{
    private static readonly TimeSpan FirstPause = TimeSpan.FromMilliseconds(250);
    private static readonly TimeSpan LongestPause = TimeSpan.FromSeconds(30);

    /// <summary>A process that ran this long before it ended starts again after the first pause.</summary>
    private static readonly TimeSpan StableAfter = TimeSpan.FromSeconds(30);

    private readonly TaskCompletionSource _firstHealthy = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public string Name => supervision.Name;

    public string State { get; private set; } = KnownResourceStates.Waiting;

    /// <summary>Null until the first probe has answered.</summary>
    public bool? IsHealthy { get; private set; }

    public int? ProcessId { get; private set; }

    public int? ExitCode { get; private set; }

    /// <summary>Completes when the process is healthy for the first time; faults when it cannot be started.</summary>
    public Task FirstHealthy => _firstHealthy.Task;

    /// <summary>Runs until <paramref name="stopping"/>; the process itself is ended by whoever stops the session.</summary>
    public async Task RunAsync(CancellationToken stopping)
    {
        try
        {
            for (var pause = FirstPause; ; pause = Min(pause * 2, LongestPause))
            {
                var started = Stopwatch.GetTimestamp();
                await RunOnceAsync(stopping);
                if (!restart || stopping.IsCancellationRequested)
                    return;
                if (Stopwatch.GetElapsedTime(started) > StableAfter)
                    pause = FirstPause;
                supervision.Output($"ended with exit code {ExitCode}; starting again in {pause.TotalSeconds:0.##} s");
                await Task.Delay(pause, stopping);
            }
        }
        catch (OperationCanceledException) when (stopping.IsCancellationRequested)
        {
            // The session is stopping.
        }
        catch (Exception error)
        {
            Change(KnownResourceStates.FailedToStart, healthy: false);
            supervision.Output(error is DistributedApplicationException ? error.Message : error.ToString());
            _firstHealthy.TrySetException(error);
        }
    }

    private async Task RunOnceAsync(CancellationToken stopping)
    {
        Change(KnownResourceStates.Starting, healthy: IsHealthy is null ? null : false);
        var specification = await supervision.Prepare(stopping);
        stopping.ThrowIfCancellationRequested();
        using var child = session.Start(specification, supervision.Stage, supervision.Output);
        ProcessId = child.Identity.ProcessId;
        Change(KnownResourceStates.Running, IsHealthy);

        using var ended = CancellationTokenSource.CreateLinkedTokenSource(stopping);
        var watching = WatchHealthAsync(ended.Token);
        ExitCode = await child.Exited;
        await ended.CancelAsync();
        await watching;
        ProcessId = null;
        Change(
            stopping.IsCancellationRequested || ExitCode == 0
                ? KnownResourceStates.Finished
                : KnownResourceStates.Exited,
            healthy: false
        );
    }

    /// <summary>Probes often until healthy, then every few seconds; a failure is looked at again soon.</summary>
    private async Task WatchHealthAsync(CancellationToken ended)
    {
        try
        {
            for (var soon = ProbeIntervals.First; ; soon = Min(soon * 1.5, ProbeIntervals.Unhealthy))
            {
                var healthy = await ProbeAsync(ended);
                ended.ThrowIfCancellationRequested();
                if (healthy && IsHealthy is not true)
                    Change(State, healthy: true);
                else if (!healthy && IsHealthy is true)
                    Change(State, healthy: false);
                if (healthy)
                    _firstHealthy.TrySetResult();
                await Task.Delay(healthy ? ProbeIntervals.Healthy : soon, ended);
            }
        }
        catch (OperationCanceledException) when (ended.IsCancellationRequested)
        {
            // The process has ended, or the session is stopping.
        }
        catch (DistributedApplicationException error)
        {
            supervision.Output(error.Message);
            Change(State, healthy: false);
            _firstHealthy.TrySetException(error);
        }
    }

    private async Task<bool> ProbeAsync(CancellationToken ended)
    {
        try
        {
            if (supervision.Probe is not null && !await supervision.Probe(ended))
                return false;
            if (IsHealthy is not true && supervision.Complete is not null)
                await supervision.Complete(ended);
            return true;
        }
        catch (Exception error) when (error is not (DistributedApplicationException or OperationCanceledException))
        {
            supervision.Output($"health check failed: {error.Message}");
            return false;
        }
    }

    private void Change(string state, bool? healthy)
    {
        (State, IsHealthy) = (state, healthy);
        changed();
    }

    private static TimeSpan Min(TimeSpan left, TimeSpan right) => left < right ? left : right;

    private static class ProbeIntervals
    {
        public static readonly TimeSpan First = TimeSpan.FromMilliseconds(100);
        public static readonly TimeSpan Unhealthy = TimeSpan.FromSeconds(1);
        public static readonly TimeSpan Healthy = TimeSpan.FromSeconds(5);
    }
}
