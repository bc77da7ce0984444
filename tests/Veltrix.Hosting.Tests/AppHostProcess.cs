using System.Diagnostics;
using System.Globalization;
using System.Text.Json;
using Aspire.Hosting.Orchestration;
using Veltrix.Testing;

namespace Veltrix.Hosting.Tests;

/// <summary>tests/Veltrix.Hosting.TestHost as a process of its own, which tests may kill.</summary>
internal sealed class AppHostProcess : IAsyncDisposable
{
    private readonly TestProcess _process;
    private readonly string _dataDirectory;

    private AppHostProcess(TestProcess process, string dataDirectory) =>
        (_process, _dataDirectory) = (process, dataDirectory);

    public static string ProjectDirectory { get; } = Path.Combine(Repository.Root, "tests", "Veltrix.Hosting.TestHost");

    public int ProcessId => _process.Id;

    public string Output => _process.Output;

    public static AppHostProcess Start(string dataDirectory, params string[] arguments) =>
        Start(Command, dataDirectory, arguments);

    /// <summary>The AppHost without a <c>dotnet run</c> above it.</summary>
    public static string[] Command { get; } =
    ["dotnet", Path.Combine(AppContext.BaseDirectory, "Veltrix.Hosting.TestHost.dll")];

    public static AppHostProcess Start(string[] command, string dataDirectory, params string[] arguments)
    {
        var start = new ProcessStartInfo(
            command[0],
            [.. command[1..], $"--StandIns:DataDirectory={dataDirectory}", .. arguments]
        )
        {
            WorkingDirectory = ProjectDirectory,
        };
        return new AppHostProcess(TestProcess.Start(start), dataDirectory);
    }

    /// <summary>Waits until the file names the resource and <paramref name="condition"/> holds for it.</summary>
    public async Task<JsonElement> ResourceAsync(string name, Func<JsonElement, bool>? condition = null)
    {
        JsonElement found = default;
        try
        {
            await Eventually.HoldsAsync(() => TryFind(name, condition, out found), TimeSpan.FromMinutes(1));
        }
        catch (TimeoutException error)
        {
            throw new TimeoutException($"{name} did not get there.\n{Output}", error);
        }
        return found;
    }

    public Task<JsonElement> HealthyAsync(string name) =>
        ResourceAsync(name, resource => resource.GetProperty("health").GetString() == "Healthy");

    /// <summary>Every process that the AppHost has started, by the mark in its environment, and its watcher.</summary>
    public IReadOnlyList<ProcessIdentity> Started() =>
        [
            .. File.ReadLines(Path.Combine(_dataDirectory, "processes"))
                .Select(line => int.Parse(line.Split(' ')[0], CultureInfo.InvariantCulture))
                .Select(ProcessIdentity.Of)
                .OfType<ProcessIdentity>(),
        ];

    public void Signal(int signal) => _ = NativeMethods.SendSignal(_process.Id, signal);

    public async Task<int> ExitAsync()
    {
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(30));
        return await _process.ExitAsync(limit.Token);
    }

    public async ValueTask DisposeAsync()
    {
        if (!_process.HasExited)
        {
            Signal(NativeMethods.Terminate);
            await ExitAsync();
        }
        await _process.DisposeAsync();
    }

    private bool TryFind(string name, Func<JsonElement, bool>? condition, out JsonElement found)
    {
        found = default;
        var file = Path.Combine(_dataDirectory, "resources.json");
        if (!File.Exists(file))
            return false;
        using var document = JsonDocument.Parse(File.ReadAllBytes(file));
        // The file of a run that was killed with its watcher stays until the next one.
        if (ProcessIdentity.Of(document.RootElement.GetProperty("appHost").GetProperty("processId").GetInt32()) is null)
            return false;
        foreach (var resource in document.RootElement.GetProperty("resources").EnumerateArray())
        {
            if (resource.GetProperty("name").GetString() == name && condition?.Invoke(resource) is not false)
            {
                found = resource.Clone();
                return true;
            }
        }
        return false;
    }
}
