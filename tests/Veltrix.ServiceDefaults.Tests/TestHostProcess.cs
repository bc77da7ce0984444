using System.Diagnostics;
using System.Text.RegularExpressions;

namespace Veltrix.ServiceDefaults.Tests;

/// <summary>tests/Veltrix.ServiceDefaults.TestHost in a process of its own.</summary>
internal sealed partial class TestHostProcess : IAsyncDisposable
{
    private readonly Process _process;

    private TestHostProcess(Process process, Uri? address, IReadOnlyList<string> lines)
    {
        _process = process;
        StartLines = lines;
        Client = new HttpClient { BaseAddress = address };
    }

    public HttpClient Client { get; }

    /// <summary>What it wrote to standard output until it listened.</summary>
    public IReadOnlyList<string> StartLines { get; }

    public static Task<TestHostProcess> StartAsync(params (string Name, string Value)[] environment) =>
        StartAsync(descriptors: null, ListensOn(), environment);

    /// <param name="descriptors">How many files and sockets it may have open.</param>
    /// <param name="environment">Variables.</param>
    public static Task<TestHostProcess> StartAsync(
        int? descriptors,
        params (string Name, string Value)[] environment
    ) => StartAsync(descriptors, ListensOn(), environment);

    /// <summary>Starts it and returns while it still starts.</summary>
    public static Task<TestHostProcess> BeginAsync() =>
        StartAsync(descriptors: null, StartsSlowly(), ("StartsSlowly", "true"));

    private static async Task<TestHostProcess> StartAsync(
        int? descriptors,
        Regex until,
        params (string Name, string Value)[] environment
    )
    {
        var start = new ProcessStartInfo(
            "sh",
            // A shell starts background jobs, and so perhaps these tests, with SIGINT ignored; a terminal does not.
            [
                "-c",
                $"ulimit -n {descriptors?.ToString() ?? "$(ulimit -n)"} && exec env --default-signal=INT \"$@\"",
                "sh",
                "dotnet",
                Path.Combine(AppContext.BaseDirectory, "Veltrix.ServiceDefaults.TestHost.dll"),
            ]
        )
        {
            RedirectStandardOutput = true,
            WorkingDirectory = AppContext.BaseDirectory,
            Environment = { ["ASPNETCORE_URLS"] = "http://127.0.0.1:0", ["DOTNET_ENVIRONMENT"] = "Development" },
        };
        foreach (var (name, value) in environment)
            start.Environment[name] = value;
        var process = Process.Start(start)!;
        var lines = new List<string>();
        while (await process.StandardOutput.ReadLineAsync(TestContext.Current.CancellationToken) is { } line)
        {
            lines.Add(line);
            if (until.IsMatch(line))
            {
                // What follows is read away, or the pipe would fill and block the process.
                _ = process.StandardOutput.ReadToEndAsync(CancellationToken.None);
                var address = ListensOn().Match(line) is { Success: true } match ? new Uri(match.Value) : null;
                return new TestHostProcess(process, address, lines);
            }
        }
        process.Kill();
        throw new InvalidOperationException($"The host did not start:\n{string.Join('\n', lines)}");
    }

    public async Task SignalAsync(string signal)
    {
        using var kill = Process.Start("kill", [$"-{signal}", _process.Id.ToString()]);
        await kill.WaitForExitAsync(TestContext.Current.CancellationToken);
    }

    public async Task<int> ExitCodeAsync()
    {
        await _process.WaitForExitAsync(TestContext.Current.CancellationToken);
        return _process.ExitCode;
    }

    public async ValueTask DisposeAsync()
    {
        Client.Dispose();
        if (!_process.HasExited)
            _process.Kill();
        await _process.WaitForExitAsync(CancellationToken.None);
        _process.Dispose();
    }

    [GeneratedRegex("Starting slowly", RegexOptions.None, 1_000)]
    private static partial Regex StartsSlowly();

    [GeneratedRegex(@"http://127\.0\.0\.1:\d+", RegexOptions.None, 1_000)]
    private static partial Regex ListensOn();
}
