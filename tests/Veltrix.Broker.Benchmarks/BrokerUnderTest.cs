using System.Diagnostics;
using Veltrix.Testing;

namespace Veltrix.Broker.Benchmarks;

/// <summary>The published broker as a process of its own, on a free port.</summary>
/// <param name="programDirectory">Where it was published.</param>
/// <param name="dataDirectory">Its data.</param>
/// <param name="option">What it is told beside that, as in "Broker:Durability=none".</param>
internal sealed class BrokerUnderTest(string programDirectory, string dataDirectory, string? option = null)
    : IMeasuredBroker
{
    private TestProcess? _process;

    public string Name => option is null ? "Veltrix" : $"Veltrix, {option}";

    public int Port { get; } = Testing.Servers.FreePort();

    public string Servers => $"127.0.0.1:{Port}";

    public string DataDirectory => dataDirectory;

    public void Launch()
    {
        var start = new ProcessStartInfo(Path.Combine(programDirectory, "Veltrix.Broker"))
        {
            WorkingDirectory = programDirectory,
            Environment =
            {
                ["Broker__Port"] = $"{Port}",
                ["Broker__DataDirectory"] = dataDirectory,
                ["ASPNETCORE_URLS"] = "http://127.0.0.1:0",
            },
        };
        if (option is not null)
            start.ArgumentList.Add($"--{option}");
        _process = TestProcess.Start(start);
    }

    public void WaitUntilListening()
    {
        var started = Stopwatch.GetTimestamp();
        while (!TestProcess.Listens(Port))
        {
            if (_process!.HasExited || Stopwatch.GetElapsedTime(started) > TimeSpan.FromMinutes(1))
                throw new InvalidOperationException($"The broker did not start.\n{_process.Output}");
            Thread.Sleep(2);
        }
    }

    public void Kill() => _process!.KillAsync().GetAwaiter().GetResult();

    public TimeSpan Terminate()
    {
        var started = Stopwatch.GetTimestamp();
        _process!.SignalAsync("TERM").GetAwaiter().GetResult();
        _process.ExitAsync().GetAwaiter().GetResult();
        return Stopwatch.GetElapsedTime(started);
    }

    public long ResidentBytes() => _process!.ResidentBytes;

    public TimeSpan ProcessorTime() => _process!.ProcessorTime;

    public void Dispose() => _process?.DisposeAsync().AsTask().GetAwaiter().GetResult();
}
