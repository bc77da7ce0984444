using System.Diagnostics;
using System.Net;
using System.Net.Sockets;

namespace Veltrix.Broker.Tests;

/// <summary>The broker as a process of its own, which can be killed.</summary>
internal sealed class BrokerProcess : IAsyncDisposable
{
    private static readonly TimeSpan StartLimit = TimeSpan.FromSeconds(60);
    private readonly string _directory;
    private readonly Dictionary<string, string> _environment;
    private readonly IReadOnlyList<string> _prefix;
    private string[] _arguments = [];
    private Process _process = null!;

    private BrokerProcess(
        string directory,
        Dictionary<string, string> environment,
        IReadOnlyList<string> prefix,
        int port
    )
    {
        _directory = directory;
        _environment = environment;
        _prefix = prefix;
        Port = port;
    }

    public int Port { get; }

    public string Servers => $"127.0.0.1:{Port}";

    /// <summary>The most memory that it ever held.</summary>
    public long PeakWorkingSetBytes
    {
        get
        {
            _process.Refresh();
            return _process.PeakWorkingSet64;
        }
    }

    /// <summary>What it wrote to its console.</summary>
    public Task<string> Output { get; private set; } = Task.FromResult("");

    /// <param name="directory">Where it keeps its data.</param>
    /// <param name="environment">Its options.</param>
    /// <param name="prefix">What stands before the program and its arguments (<see cref="SmallDisk.Enter"/>).</param>
    public static async Task<BrokerProcess> StartAsync(
        string directory,
        Dictionary<string, string>? environment = null,
        IReadOnlyList<string>? prefix = null
    )
    {
        var broker = new BrokerProcess(directory, environment ?? [], prefix ?? [], FreePort());
        await broker.StartAgainAsync();
        return broker;
    }

    public async Task StartAgainAsync()
    {
        Launch();
        using var limit = new CancellationTokenSource(StartLimit);
        using var timer = new PeriodicTimer(TimeSpan.FromMilliseconds(20));
        while (!await AnswersAsync())
        {
            if (_process.HasExited)
                throw new InvalidOperationException($"The broker ended: {await Output}");
            await timer.WaitForNextTickAsync(limit.Token);
        }
    }

    /// <summary>Starts it without waiting for it, and gives its exit code.</summary>
    public static Task<(int ExitCode, string Output)> RunToEndAsync(string directory, params string[] arguments) =>
        RunToEndAsync(directory, [], arguments);

    public static async Task<(int ExitCode, string Output)> RunToEndAsync(
        string directory,
        IReadOnlyList<string> prefix,
        params string[] arguments
    )
    {
        await using var broker = new BrokerProcess(directory, [], prefix, FreePort()) { _arguments = arguments };
        broker.Launch();
        await broker._process.WaitForExitAsync(TestContext.Current.CancellationToken);
        return (broker._process.ExitCode, await broker.Output);
    }

    public async Task KillAsync()
    {
        _process.Kill();
        await _process.WaitForExitAsync();
    }

    /// <summary>Asks it to end by SIGTERM, and gives its exit code.</summary>
    public async Task<int> TerminateAsync()
    {
        using var kill = Process.Start("kill", $"-TERM {_process.Id}");
        await kill.WaitForExitAsync();
        await _process.WaitForExitAsync();
        return _process.ExitCode;
    }

    public async ValueTask DisposeAsync()
    {
        if (!_process.HasExited)
            await KillAsync();
        _process.Dispose();
    }

    private void Launch()
    {
        var program = Path.Combine(AppContext.BaseDirectory, "Veltrix.Broker.dll");
        string[] command = [.. _prefix, "dotnet", program, "--port", $"{Port}", $"--data={_directory}", .. _arguments];
        var start = new ProcessStartInfo(command[0], command[1..])
        {
            WorkingDirectory = AppContext.BaseDirectory,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            Environment = { ["ASPNETCORE_URLS"] = "http://127.0.0.1:0" },
        };
        foreach (var (name, value) in _environment)
            start.Environment[name] = value;
        _process = Process.Start(start)!;
        Output = ReadAsync(_process);
    }

    private static async Task<string> ReadAsync(Process process)
    {
        var output = process.StandardOutput.ReadToEndAsync();
        return await process.StandardError.ReadToEndAsync() + await output;
    }

    private async Task<bool> AnswersAsync()
    {
        try
        {
            using var client = new TcpClient();
            await client.ConnectAsync(IPAddress.Loopback, Port);
            return true;
        }
        catch (SocketException)
        {
            return false;
        }
    }

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}
