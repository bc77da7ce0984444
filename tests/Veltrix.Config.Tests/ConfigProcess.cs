using System.Diagnostics;
using System.Net.Http.Headers;
using System.Text;
using Veltrix.Testing;

namespace Veltrix.Config.Tests;

/// <summary>The service as a process of its own, on a port that it keeps, so that it can be killed and started again.</summary>
internal sealed class ConfigProcess : IConfigService, IAsyncDisposable
{
    private static readonly TimeSpan StartLimit = TimeSpan.FromMinutes(2);
    private readonly Database _database;
    private readonly Uri _address = new($"http://127.0.0.1:{Servers.FreePort()}");
    private readonly StringBuilder _output = new();
    private Process? _process;

    public ConfigProcess(Database database) => _database = database;

    public int Port => _address.Port;

    public HttpClient As(string? name)
    {
        var client = new HttpClient { BaseAddress = _address };
        if (name is not null)
            client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", Replica.KeyOf(name));
        return client;
    }

    /// <summary>Starts it, again or for the first time, and returns when it is ready.</summary>
    public async Task StartAsync()
    {
        var start = new ProcessStartInfo("dotnet", [Path.Combine(AppContext.BaseDirectory, "Veltrix.Config.dll")])
        {
            WorkingDirectory = AppContext.BaseDirectory,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            Environment = { ["ASPNETCORE_URLS"] = _address.ToString() },
        };
        foreach (var (name, value) in Replica.Settings(_database))
            start.Environment[name.Replace(":", "__", StringComparison.Ordinal)] = value;
        _process = new Process { StartInfo = start };
        _process.OutputDataReceived += (_, line) => Append(line.Data);
        _process.ErrorDataReceived += (_, line) => Append(line.Data);
        _process.Start();
        _process.BeginOutputReadLine();
        _process.BeginErrorReadLine();
        using var client = As(null);
        await Eventually.HoldsAsync(
            () => IsReadyAsync(client),
            StartLimit,
            "The service does not start.",
            TestContext.Current.CancellationToken
        );
    }

    /// <summary>kill -9.</summary>
    public async Task KillAsync()
    {
        if (_process is not { } process)
            return;
        process.Kill();
        await process.WaitForExitAsync(CancellationToken.None);
        process.Dispose();
        _process = null;
    }

    public async ValueTask DisposeAsync() => await KillAsync();

    private async Task<bool> IsReadyAsync(HttpClient client)
    {
        if (_process!.HasExited)
            throw new InvalidOperationException($"The service ended with {_process.ExitCode}:\n{Output()}");
        try
        {
            using var response = await client.GetAsync("/health", TestContext.Current.CancellationToken);
            return response.IsSuccessStatusCode;
        }
        catch (HttpRequestException)
        {
            return false;
        }
    }

    private void Append(string? line)
    {
        lock (_output)
            _output.AppendLine(line);
    }

    private string Output()
    {
        lock (_output)
            return _output.ToString();
    }
}
