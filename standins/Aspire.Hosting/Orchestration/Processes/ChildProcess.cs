using System.Diagnostics;
using System.Text;

namespace Aspire.Hosting.Orchestration;

/// <summary>
/// A process in a session and group of its own: a Ctrl+C of the terminal goes to the foreground group and so never
/// reaches it, and one signal to the group ends whatever it started.
/// </summary>
internal sealed class ChildProcess : IDisposable
{
    /// <summary>
    /// Variable that marks everything started by one AppHost, so that the watcher also finds what was started in the
    /// moment of a crash and is not in its list yet.
    /// </summary>
    public const string SessionVariable = "VELTRIX_SESSION";

    private static readonly TimeSpan OutputDrainLimit = TimeSpan.FromSeconds(1);
    private readonly Process _process;

    private ChildProcess(Process process, ProcessSpecification specification, Action<string> output)
    {
        _process = process;
        Specification = specification;
        // A process that ended at once has no entry in /proc; ticks of -1 then match nothing.
        Identity = ProcessIdentity.Of(process.Id) ?? new ProcessIdentity(process.Id, -1);
        Exited = RunAsync(output);
    }

    public ProcessSpecification Specification { get; }

    public ProcessIdentity Identity { get; }

    /// <summary>Completes with the exit code (128 + signal when a signal ended it), never faulted.</summary>
    public Task<int> Exited { get; }

    /// <param name="specification">What to start.</param>
    /// <param name="output">Receives each line of standard output and standard error, from several threads.</param>
    public static ChildProcess Start(ProcessSpecification specification, Action<string> output)
    {
        // setsid(1) replaces itself by the program (it forks only as a group leader, which a fresh child is not): the
        // process that we start is the program and leads the group.
        var start = new ProcessStartInfo("setsid", [specification.FileName, .. specification.Arguments])
        {
            WorkingDirectory = specification.WorkingDirectory,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            StandardOutputEncoding = Encoding.UTF8,
            StandardErrorEncoding = Encoding.UTF8,
        };
        foreach (var (name, value) in specification.Environment)
        {
            if (value is null)
                start.Environment.Remove(name);
            else
                start.Environment[name] = value;
        }
        var process =
            Process.Start(start) ?? throw new InvalidOperationException($"{specification.FileName} did not start.");
        process.StandardInput.Close();
        return new ChildProcess(process, specification, output);
    }

    /// <summary>Asks the process to end, and ends its group when it has not done so within <paramref name="grace"/>.</summary>
    public async Task StopAsync(TimeSpan grace)
    {
        Identity.Signal(Specification.StopSignal);
        try
        {
            await Exited.WaitAsync(grace);
        }
        catch (TimeoutException)
        {
            Identity.KillGroup();
            await Exited;
        }
    }

    public void Dispose() => _process.Dispose();

    private async Task<int> RunAsync(Action<string> output)
    {
        var reading = Task.WhenAll(
            BoundedLineReader.ReadAsync(_process.StandardOutput, output),
            BoundedLineReader.ReadAsync(_process.StandardError, output)
        );
        await _process.WaitForExitAsync(CancellationToken.None);
        var exitCode = _process.ExitCode;
        // What it left in its group would hold ports; a grandchild that holds the pipes must not hold us either.
        Identity.KillGroup();
        await Task.WhenAny(reading, Task.Delay(OutputDrainLimit));
        return exitCode;
    }
}
