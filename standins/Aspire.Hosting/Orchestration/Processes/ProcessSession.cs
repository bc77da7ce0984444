namespace Aspire.Hosting.Orchestration;

/// <summary>Everything that one AppHost starts: marked, recorded and watched, so that nothing of it is ever left behind.</summary>
internal sealed class ProcessSession : IDisposable
{
    private readonly LeftOvers _leftOvers;
    private readonly string _id = Guid.NewGuid().ToString("N");

    private ProcessSession(LeftOvers leftOvers, int stoppedLeftOvers)
    {
        _leftOvers = leftOvers;
        StoppedLeftOvers = stoppedLeftOvers;
        Watcher = new Watcher(_id);
        if (ProcessIdentity.Of(Watcher.ProcessId) is { } watcher)
            _leftOvers.Add(watcher, LeftOvers.WatcherStage, NativeMethods.Terminate);
    }

    public Watcher Watcher { get; }

    /// <summary>How many processes of a previous run this one found and stopped.</summary>
    public int StoppedLeftOvers { get; }

    public static async Task<ProcessSession> BeginAsync(string dataDirectory, CancellationToken cancellation)
    {
        var leftOvers = new LeftOvers(dataDirectory);
        var stopped = await leftOvers.StopPreviousAsync(cancellation);
        return new ProcessSession(leftOvers, stopped);
    }

    /// <param name="specification">What to start.</param>
    /// <param name="stage">Higher stages depend on lower ones and are stopped first.</param>
    /// <param name="output">Receives each line that it prints.</param>
    public ChildProcess Start(ProcessSpecification specification, int stage, Action<string> output)
    {
        var child = ChildProcess.Start(
            specification with
            {
                Environment = new Dictionary<string, string?>(specification.Environment)
                {
                    [ChildProcess.SessionVariable] = _id,
                },
            },
            output
        );
        Watcher.Watch(child.Identity, stage, specification.StopSignal);
        _leftOvers.Add(child.Identity, stage, specification.StopSignal);
        _ = ForgetAsync(child);
        return child;
    }

    /// <summary>Stops everything in reverse order; bounded, see <see cref="Watcher"/>.</summary>
    public async Task StopAllAsync()
    {
        await Watcher.StopAllAsync();
        _leftOvers.Close();
    }

    public void Dispose() => Watcher.Dispose();

    private async Task ForgetAsync(ChildProcess child)
    {
        await child.Exited;
        Watcher.Forget(child.Identity);
        _leftOvers.Remove(child.Identity);
    }
}
