using Aspire.Hosting.Orchestration;

namespace Veltrix.Hosting.Tests;

/// <summary>Small processes to supervise.</summary>
internal static class Shell
{
    public static ProcessSpecification Script(string script) => new("bash", ["--norc", "-c", script]);

    /// <summary>Says "ready", then waits; on SIGTERM appends <paramref name="name"/> to <paramref name="file"/> and ends.</summary>
    public static ProcessSpecification Recorder(string name, string file) =>
        Script($"trap 'echo {name} >>{file}; exit 0' TERM; echo ready; while :; do sleep 0.05; done");

    /// <summary>Starts it and waits until it has said "ready": from then on its traps are set.</summary>
    public static async Task<ChildProcess> StartReadyAsync(ProcessSpecification specification)
    {
        var ready = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var child = ChildProcess.Start(
            specification,
            line =>
            {
                if (line == "ready")
                    ready.TrySetResult();
            }
        );
        await ready.Task.WaitAsync(TimeSpan.FromSeconds(30));
        return child;
    }
}
