using System.Diagnostics;
using System.Text;
using System.Text.Json;
using Veltrix.Testing;

namespace Veltrix.EndToEnd.Tests;

/// <summary>
/// <c>dotnet run --project Veltrix.AppHost</c> as a user starts it in a terminal: leader of a foreground process group.
/// Everything it starts inherits a marker in its environment, by which the tests find what it left behind.
/// </summary>
internal sealed class AppHostProcess : IAsyncDisposable
{
    private const string MarkerName = "VELTRIX_END_TO_END_MARKER";
    private static readonly TimeSpan StartLimit = TimeSpan.FromMinutes(3);
    private readonly string _marker = Guid.NewGuid().ToString("N");
    private readonly TestProcess _process;

    private AppHostProcess(string dataDirectory)
    {
        DataDirectory = dataDirectory;
        var start = new ProcessStartInfo(
            "env",
            [
                // A shell starts background jobs, and so perhaps these tests, with SIGINT ignored; a terminal does not.
                "--default-signal=INT",
                "setsid",
                "dotnet",
                "run",
                "--no-build",
                "--project",
                Path.Combine(Repository.Root, "Veltrix.AppHost"),
                "--",
                $"--StandIns:DataDirectory={dataDirectory}",
            ]
        )
        {
            WorkingDirectory = Repository.Root,
            Environment = { [MarkerName] = _marker },
        };
        _process = TestProcess.Start(start);
    }

    public string DataDirectory { get; }

    /// <summary>Process id of <c>dotnet run</c>, which also is the id of its process group.</summary>
    public int DotnetRunId => _process.Id;

    public string Output => _process.Output;

    public static AppHostProcess Launch(string dataDirectory) => new(dataDirectory);

    public static async Task<AppHostProcess> StartAsync(string dataDirectory)
    {
        var appHost = Launch(dataDirectory);
        try
        {
            await appHost._process.UntilAsync(() => Task.FromResult(appHost.AllHealthy()), StartLimit);
            return appHost;
        }
        catch
        {
            await appHost.DisposeAsync();
            throw;
        }
    }

    public async Task<int> ExitCodeAsync(TimeSpan limit)
    {
        using var ended = new CancellationTokenSource(limit);
        return await _process.ExitAsync(ended.Token);
    }

    /// <summary>Every process that carries the marker, <c>dotnet run</c> and the AppHost included.</summary>
    public IReadOnlyList<int> Processes()
    {
        var needle = Encoding.UTF8.GetBytes($"{MarkerName}={_marker}");
        var found = new List<int>();
        foreach (var directory in Directory.EnumerateDirectories("/proc"))
            if (
                int.TryParse(Path.GetFileName(directory), out var id)
                && ReadEnvironment(id).AsSpan().IndexOf(needle) >= 0
            )
                found.Add(id);
        return found;
    }

    public int AppHostId()
    {
        using var document = Resources();
        return document.RootElement.GetProperty("appHost").GetProperty("processId").GetInt32();
    }

    /// <summary>Ports of loopback that the platform listens on, from resources.json.</summary>
    public IReadOnlyList<int> Ports()
    {
        using var document = Resources();
        return
        [
            .. document
                .RootElement.GetProperty("resources")
                .EnumerateArray()
                .SelectMany(resource => resource.GetProperty("urls").EnumerateArray())
                .Select(url => new Uri(url.GetString()!).Port)
                .Where(port => port > 0),
        ];
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var id in Processes())
            Signals.Send("KILL", id);
        await _process.DisposeAsync();
    }

    private string ResourcesFile => Path.Combine(DataDirectory, "resources.json");

    private JsonDocument Resources() => JsonDocument.Parse(File.ReadAllText(ResourcesFile));

    private bool AllHealthy()
    {
        if (!File.Exists(ResourcesFile))
            return false;
        using var document = Resources();
        var names = document
            .RootElement.GetProperty("resources")
            .EnumerateArray()
            .Where(resource => resource.GetProperty("health").GetString() == "Healthy")
            .Select(resource => resource.GetProperty("name").GetString());
        return new[] { "postgres", "redis", "kafka", "config", "ingest", "processor", "admin" }.All(name =>
            names.Contains(name)
        );
    }

    private static byte[] ReadEnvironment(int id)
    {
        try
        {
            return File.ReadAllBytes($"/proc/{id}/environ");
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            return [];
        }
    }
}
