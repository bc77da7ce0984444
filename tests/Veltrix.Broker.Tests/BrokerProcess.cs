using Veltrix.Testing;

namespace Veltrix.Broker.Tests;

/// <summary>The broker as a process of its own, on a port that it keeps, so that it can be killed and started again.</summary>
internal sealed class BrokerProcess : IAsyncDisposable
{
    private readonly string _directory;
    private readonly Dictionary<string, string> _environment;
    private readonly IReadOnlyList<string> _prefix;
    private readonly string[] _arguments;
    private TestProcess _process = null!;

    private BrokerProcess(
        string directory,
        Dictionary<string, string>? environment,
        IReadOnlyList<string>? prefix,
        string[] arguments
    )
    {
        _directory = directory;
        _environment = environment ?? [];
        _prefix = prefix ?? [];
        _arguments = arguments;
    }

    public int Port { get; } = Testing.Servers.FreePort();

    /// <summary>Where it answers HTTP: /health, /metrics.</summary>
    public Uri Address { get; } = new($"http://127.0.0.1:{Testing.Servers.FreePort()}");

    public string Servers => $"127.0.0.1:{Port}";

    /// <summary>The system's number of the process that was started: with a prefix, that one's.</summary>
    public int ProcessId => _process.Id;

    /// <summary>The most memory that it ever held.</summary>
    public long PeakResidentBytes => _process.PeakResidentBytes;

    /// <summary>What it wrote to its console.</summary>
    public string Output => _process.Output;

    /// <param name="directory">Where it keeps its data.</param>
    /// <param name="environment">Its options.</param>
    /// <param name="prefix">What stands before the program and its arguments (<see cref="SmallDisk.Enter"/>).</param>
    /// <param name="arguments">What else stands on its command line.</param>
    public static async Task<BrokerProcess> StartAsync(
        string directory,
        Dictionary<string, string>? environment = null,
        IReadOnlyList<string>? prefix = null,
        params string[] arguments
    )
    {
        var broker = new BrokerProcess(directory, environment, prefix, arguments);
        await broker.StartAgainAsync();
        return broker;
    }

    public async Task StartAgainAsync()
    {
        if (_process is not null)
            await _process.DisposeAsync();
        _process = Launch();
        await _process.UntilAsync(() => Task.FromResult(TestProcess.Listens(Port)));
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
        await using var process = new BrokerProcess(directory, null, prefix, arguments).Launch();
        return (await process.ExitAsync(TestContext.Current.CancellationToken), process.Output);
    }

    public Task KillAsync() => _process.KillAsync();

    /// <summary>Asks it to end by SIGTERM, and gives its exit code.</summary>
    public async Task<int> TerminateAsync()
    {
        await _process.SignalAsync("TERM");
        return await _process.ExitAsync(TestContext.Current.CancellationToken);
    }

    public ValueTask DisposeAsync() => _process.DisposeAsync();

    private TestProcess Launch()
    {
        var start = TestProcess.Dotnet(
            Path.Combine(AppContext.BaseDirectory, "Veltrix.Broker.dll"),
            [KeyValuePair.Create("ASPNETCORE_URLS", Address.ToString()), .. _environment],
            ["--port", $"{Port}", $"--data={_directory}", .. _arguments]
        );
        string[] command = [.. _prefix, start.FileName, .. start.ArgumentList];
        start.FileName = command[0];
        start.ArgumentList.Clear();
        foreach (var argument in command[1..])
            start.ArgumentList.Add(argument);
        return TestProcess.Start(start);
    }
}
