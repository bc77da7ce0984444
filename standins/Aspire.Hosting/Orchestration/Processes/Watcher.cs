using System.Diagnostics;
using System.Globalization;

namespace Aspire.Hosting.Orchestration;

/// <summary>
/// A small process in a session of its own that stops everything in reverse order once its standard input ends: when
/// the AppHost is killed, and, so that there is one way to stop and not two, also when the AppHost ends in good order.
/// </summary>
/// <remarks>The framework opens pipes close-on-exec, so no other child holds the watcher's input open.</remarks>
internal sealed class Watcher : IDisposable
{
    /// <summary>For all stages but the last together; what has not ended by then is killed.</summary>
    public const int BudgetSeconds = 5;

    /// <summary>For the last stage, the servers that keep data.</summary>
    public const int LastBudgetSeconds = 3;

    private const int MostAttempts = 3;
    private readonly Lock _gate = new();
    private readonly Dictionary<int, string> _watched = [];
    private readonly List<string> _removals = [];
    private readonly string _session;
    private Process _process;
    private bool _stopping;

    public Watcher(string session)
    {
        _session = session;
        _process = Start(session);
    }

    public int ProcessId => _process.Id;

    /// <summary>Watches a process that leads its group. Higher stages are stopped first, stage 0 last.</summary>
    public void Watch(ProcessIdentity identity, int stage, int stopSignal)
    {
        var line = string.Create(
            CultureInfo.InvariantCulture,
            $"watch {identity.ProcessId} {identity.StartTicks} {stage} {stopSignal}"
        );
        lock (_gate)
        {
            _watched[identity.ProcessId] = line;
            Send(line);
        }
    }

    public void Forget(ProcessIdentity identity)
    {
        lock (_gate)
        {
            if (_watched.Remove(identity.ProcessId))
                Send(string.Create(CultureInfo.InvariantCulture, $"forget {identity.ProcessId}"));
        }
    }

    /// <summary>Removes a file or directory after everything has stopped, unless the AppHost lives to do it itself.</summary>
    public void RemoveAfterCrash(string directory)
    {
        lock (_gate)
        {
            _removals.Add(directory);
            Send($"remove {directory}");
        }
    }

    /// <summary>Stops everything that is watched, in reverse order; bounded by the two budgets.</summary>
    public async Task StopAllAsync()
    {
        // One that is killed while it stops things has a successor do the rest.
        for (var attempt = 0; attempt < MostAttempts; attempt++)
        {
            Process process;
            lock (_gate)
            {
                _stopping = true;
                if (_process.HasExited)
                    Restart();
                process = _process;
                try
                {
                    process.StandardInput.WriteLine("keep");
                    process.StandardInput.Close();
                }
                catch (IOException)
                {
                    // Killed in this very moment: its exit code says so.
                }
            }
            await process.WaitForExitAsync(CancellationToken.None);
            if (process.ExitCode == 0)
                return;
        }
    }

    public void Dispose() => _process.Dispose();

    private static Process Start(string session)
    {
        using var resource = typeof(Watcher).Assembly.GetManifestResourceStream("watcher.sh")!;
        using var reader = new StreamReader(resource);
        var start = new ProcessStartInfo(
            "setsid",
            [
                "bash",
                "--norc",
                "-c",
                reader.ReadToEnd(),
                "veltrix-watcher",
                session,
                BudgetSeconds.ToString(CultureInfo.InvariantCulture),
                LastBudgetSeconds.ToString(CultureInfo.InvariantCulture),
            ]
        )
        {
            RedirectStandardInput = true,
            WorkingDirectory = "/",
        };
        start.Environment.Remove(ChildProcess.SessionVariable);
        var process = Process.Start(start) ?? throw new InvalidOperationException("bash did not start.");
        process.StandardInput.AutoFlush = true;
        process.StandardInput.NewLine = "\n";
        return process;
    }

    private void Send(string line)
    {
        try
        {
            if (!_process.HasExited)
            {
                _process.StandardInput.WriteLine(line);
                return;
            }
        }
        catch (IOException)
        {
            // Somebody killed it between the two lines; the next one gets the whole list.
        }
        if (!_stopping)
            Restart();
    }

    private void Restart()
    {
        _process.Dispose();
        _process = Start(_session);
        foreach (var line in _watched.Values)
            _process.StandardInput.WriteLine(line);
        foreach (var directory in _removals)
            _process.StandardInput.WriteLine($"remove {directory}");
    }
}
