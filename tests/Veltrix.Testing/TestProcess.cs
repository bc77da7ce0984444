using System.Diagnostics;
using System.Net;
using System.Net.Sockets;

namespace Veltrix.Testing;

/// <summary>A program as a process of its own, which a test starts, waits for, signals and kills; it does not outlive its disposal.</summary>
public sealed class TestProcess : IAsyncDisposable
{
    private const int KeptLines = 10_000;
    private static readonly TimeSpan StartLimit = TimeSpan.FromMinutes(2);
    private readonly Process _process;
    private readonly Queue<string> _lines = new();

    private TestProcess(ProcessStartInfo start)
    {
        start.RedirectStandardOutput = true;
        start.RedirectStandardError = true;
        _process = new Process { StartInfo = start };
        _process.OutputDataReceived += (_, line) => Keep(line.Data);
        _process.ErrorDataReceived += (_, line) => Keep(line.Data);
        _process.Start();
        _process.BeginOutputReadLine();
        _process.BeginErrorReadLine();
    }

    /// <summary>Its process id.</summary>
    public int Id => _process.Id;

    /// <summary>Whether it has ended.</summary>
    public bool HasExited => _process.HasExited;

    /// <summary>What it wrote to its console, newest 10,000 lines; all of them when it has been waited for to the end.</summary>
    public string Output
    {
        get
        {
            lock (_lines)
                return string.Join('\n', _lines);
        }
    }

    /// <summary>Physical memory that it holds, in bytes.</summary>
    public long ResidentBytes => Refreshed().WorkingSet64;

    /// <summary>The most physical memory that it ever held, in bytes.</summary>
    public long PeakResidentBytes => Refreshed().PeakWorkingSet64;

    /// <summary>Processor time that it has used.</summary>
    public TimeSpan ProcessorTime => Refreshed().TotalProcessorTime;

    /// <summary>Starts a program.</summary>
    public static TestProcess Start(ProcessStartInfo start) => new(start);

    /// <summary>Starts a program and waits until it answers an address with success.</summary>
    public static async Task<TestProcess> StartAsync(
        ProcessStartInfo start,
        Uri health,
        CancellationToken cancellation = default
    )
    {
        var process = Start(start);
        try
        {
            await process.UntilHealthyAsync(health, cancellation);
            return process;
        }
        catch
        {
            await process.DisposeAsync();
            throw;
        }
    }

    /// <summary>How to start a .NET program with this process's runtime; it runs where it lies, as its settings do.</summary>
    /// <param name="assembly">Its path.</param>
    /// <param name="environment">Variables; a colon in a name, as settings have it, becomes what stands for it there.</param>
    /// <param name="arguments">Its arguments.</param>
    public static ProcessStartInfo Dotnet(
        string assembly,
        IEnumerable<KeyValuePair<string, string>> environment,
        params IEnumerable<string> arguments
    )
    {
        var start = new ProcessStartInfo("dotnet", [assembly, .. arguments])
        {
            WorkingDirectory = Path.GetDirectoryName(assembly),
        };
        foreach (var (name, value) in environment)
            start.Environment[name.Replace(":", "__", StringComparison.Ordinal)] = value;
        return start;
    }

    /// <summary>Whether somebody listens on a port of loopback.</summary>
    public static bool Listens(int port)
    {
        try
        {
            using var client = new TcpClient();
            client.Connect(IPAddress.Loopback, port);
            return true;
        }
        catch (SocketException)
        {
            return false;
        }
    }

    /// <summary>Returns when it is ready.</summary>
    /// <exception cref="InvalidOperationException">It has ended; the message holds what it wrote.</exception>
    /// <exception cref="TimeoutException">It was not ready in time; the message holds what it wrote.</exception>
    public async Task UntilAsync(
        Func<Task<bool>> isReady,
        TimeSpan? limit = null,
        CancellationToken cancellation = default
    )
    {
        try
        {
            await Eventually.HoldsAsync(IsReadyAsync, limit ?? StartLimit, cancellation: cancellation);
        }
        catch (TimeoutException error)
        {
            throw new TimeoutException($"{_process.StartInfo.FileName} is not ready:\n{Output}", error);
        }

        async Task<bool> IsReadyAsync() =>
            _process.HasExited
                ? throw new InvalidOperationException(
                    $"{_process.StartInfo.FileName} ended with {await ExitAsync(cancellation)}:\n{Output}"
                )
                : await isReady();
    }

    /// <summary>Returns when it answers this address with success.</summary>
    public async Task UntilHealthyAsync(Uri address, CancellationToken cancellation = default)
    {
        using var client = new HttpClient();
        await UntilAsync(IsHealthyAsync, cancellation: cancellation);

        async Task<bool> IsHealthyAsync()
        {
            try
            {
                using var answer = await client.GetAsync(address, cancellation);
                return answer.IsSuccessStatusCode;
            }
            catch (HttpRequestException)
            {
                return false;
            }
        }
    }

    /// <summary>Sends a signal, as <c>TERM</c>.</summary>
    public async Task SignalAsync(string signal)
    {
        using var kill = Process.Start("kill", ["-s", signal, $"{Id}"]);
        await kill.WaitForExitAsync();
    }

    /// <summary>Waits for its end.</summary>
    /// <returns>Its exit code.</returns>
    public async Task<int> ExitAsync(CancellationToken cancellation = default)
    {
        await _process.WaitForExitAsync(cancellation);
        return _process.ExitCode;
    }

    /// <summary>kill -9.</summary>
    public async Task KillAsync()
    {
        _process.Kill();
        await _process.WaitForExitAsync();
    }

    /// <summary>Kills it when it still runs.</summary>
    public async ValueTask DisposeAsync()
    {
        if (!_process.HasExited)
            await KillAsync();
        _process.Dispose();
    }

    private Process Refreshed()
    {
        _process.Refresh();
        return _process;
    }

    private void Keep(string? line)
    {
        if (line is null)
            return;
        lock (_lines)
        {
            _lines.Enqueue(line);
            if (_lines.Count > KeptLines)
                _lines.Dequeue();
        }
    }
}
