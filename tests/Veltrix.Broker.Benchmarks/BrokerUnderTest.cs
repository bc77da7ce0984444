using System.Diagnostics;
using System.Net;
using System.Net.Sockets;

namespace Veltrix.Broker.Benchmarks;

/// <summary>The published broker as a process of its own, on a free port.</summary>
internal sealed class BrokerUnderTest(string programDirectory, string dataDirectory) : IMeasuredBroker
{
    private Process? _process;

    public string Name => "Veltrix";

    public int Port { get; } = FreePort();

    public string Servers => $"127.0.0.1:{Port}";

    public string DataDirectory => dataDirectory;

    public void Launch()
    {
        var start = new ProcessStartInfo(Path.Combine(programDirectory, "Veltrix.Broker"))
        {
            WorkingDirectory = programDirectory,
            RedirectStandardOutput = true,
            Environment =
            {
                ["Broker__Port"] = $"{Port}",
                ["Broker__DataDirectory"] = dataDirectory,
                ["ASPNETCORE_URLS"] = "http://127.0.0.1:0",
            },
        };
        _process = Process.Start(start)!;
        _process.OutputDataReceived += (_, line) =>
        {
            if (
                Environment.GetEnvironmentVariable("VELTRIX_BENCHMARK_LOG") is { Length: > 0 } path
                && line.Data is not null
            )
                File.AppendAllText(path, line.Data + "\n");
        };
        _process.BeginOutputReadLine();
    }

    public void WaitUntilListening()
    {
        var started = Stopwatch.GetTimestamp();
        while (!Listens())
        {
            if (_process!.HasExited || Stopwatch.GetElapsedTime(started) > TimeSpan.FromMinutes(1))
                throw new InvalidOperationException("The broker did not start.");
            Thread.Sleep(2);
        }
    }

    public void Kill()
    {
        _process!.Kill();
        _process.WaitForExit();
    }

    public TimeSpan Terminate()
    {
        var started = Stopwatch.GetTimestamp();
        using var kill = Process.Start("kill", $"-TERM {_process!.Id}");
        _process.WaitForExit();
        return Stopwatch.GetElapsedTime(started);
    }

    /// <summary>Physical memory that the process holds, in bytes.</summary>
    public long ResidentBytes()
    {
        _process!.Refresh();
        return _process.WorkingSet64;
    }

    /// <summary>Processor time that the process has used.</summary>
    public TimeSpan ProcessorTime()
    {
        _process!.Refresh();
        return _process.TotalProcessorTime;
    }

    public void Dispose()
    {
        if (_process is null)
            return;
        if (!_process.HasExited)
            Kill();
        _process.Dispose();
    }

    private bool Listens()
    {
        try
        {
            using var client = new TcpClient();
            client.Connect(IPAddress.Loopback, Port);
            return true;
        }
        catch (SocketException)
        {
            return false;
        }
    }

    public static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}
