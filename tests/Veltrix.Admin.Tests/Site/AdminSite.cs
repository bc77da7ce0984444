using System.Collections.Concurrent;
using System.Diagnostics;
using System.Net;
using System.Text.RegularExpressions;
using Veltrix.Admin.Tests.Fakes;
using Veltrix.Testing;

namespace Veltrix.Admin.Tests.Site;

/// <summary>The site as the AppHost starts it: the build output in a process of its own, on a free port, in front of a fake platform.</summary>
public sealed partial class AdminSite : IAsyncDisposable
{
    private static readonly TimeSpan StartLimit = TimeSpan.FromMinutes(1);
    private readonly Process _process;
    private readonly FakePlatform _platform;
    private readonly ConcurrentQueue<string> _log = new();

    private AdminSite(Process process, FakePlatform platform) => (_process, _platform) = (process, platform);

    /// <summary>Where it listens.</summary>
    public Uri Address { get; private set; } = null!;

    /// <summary>Everything that it logged.</summary>
    public string Log => string.Join('\n', _log);

    internal FakePlatform Platform => _platform;

    /// <summary>Starts it.</summary>
    public static async Task<AdminSite> StartAsync(string environment = "Development")
    {
        var platform = await FakePlatform.StartAsync();
        // tests/Veltrix.Admin.Tests/bin/Debug/net10.0 -> web/Veltrix.Admin/bin/Debug/net10.0
        var output = Path.GetRelativePath(
            Path.Combine(Repository.Root, "tests", "Veltrix.Admin.Tests"),
            AppContext.BaseDirectory
        );
        var library = Path.Combine(Repository.Root, "web", "Veltrix.Admin", output, "Veltrix.Admin.dll");
        var start = new ProcessStartInfo("dotnet", [library])
        {
            WorkingDirectory = Path.Combine(Repository.Root, "web", "Veltrix.Admin"),
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            Environment =
            {
                ["ASPNETCORE_ENVIRONMENT"] = environment,
                ["ASPNETCORE_URLS"] = "http://127.0.0.1:0",
                ["Keys__Operator"] = FakePlatform.OperatorKey,
                ["Keys__Ingest"] = "ingest-key-of-the-tests",
                ["services__config__http__0"] = platform.Address,
                ["services__processor__http__0"] = platform.Address,
            },
        };
        foreach (var name in FakePlatform.Operators)
            start.Environment[$"Keys__Operators__{name}"] = FakePlatform.KeyOf(name);
        var site = new AdminSite(Process.Start(start)!, platform);
        await site.ListenAsync();
        return site;
    }

    /// <summary>A browser without scripts: keeps cookies, follows nothing.</summary>
    public HttpClient Client()
    {
        var client = new HttpClient(new SocketsHttpHandler { AllowAutoRedirect = false }) { BaseAddress = Address };
        client.DefaultRequestHeaders.Accept.ParseAdd("text/html");
        return client;
    }

    /// <summary>Sends the form of the sign-in page.</summary>
    public static async Task<HttpResponseMessage> SignInAsync(HttpClient client, string key, string page = "/sign-in")
    {
        var form = await client.GetStringAsync(page);
        return await client.PostAsync(
            page,
            new FormUrlEncodedContent([
                new("_handler", "sign-in"),
                new("__RequestVerificationToken", Token().Match(form).Groups["token"].Value),
                new("Key", key),
            ])
        );
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        _process.Kill(entireProcessTree: true);
        await _process.WaitForExitAsync();
        _process.Dispose();
        await _platform.DisposeAsync();
    }

    private async Task ListenAsync()
    {
        var listens = new TaskCompletionSource<Uri>(TaskCreationOptions.RunContinuationsAsynchronously);
        _process.OutputDataReceived += (_, line) => Take(line.Data);
        _process.ErrorDataReceived += (_, line) => Take(line.Data);
        _process.EnableRaisingEvents = true;
        _process.Exited += (_, _) => listens.TrySetException(new InvalidOperationException($"The site ended:\n{Log}"));
        _process.BeginOutputReadLine();
        _process.BeginErrorReadLine();
        Address = await listens.Task.WaitAsync(StartLimit);

        void Take(string? line)
        {
            if (line is null)
                return;
            _log.Enqueue(line);
            if (Listening().Match(line) is { Success: true } match)
                listens.TrySetResult(new Uri(match.Groups["address"].Value));
        }
    }

    [GeneratedRegex(@"Now listening on: (?<address>http://\S+)", RegexOptions.ExplicitCapture, 1_000)]
    private static partial Regex Listening();

    [GeneratedRegex(
        "name=\"__RequestVerificationToken\" value=\"(?<token>[^\"]+)\"",
        RegexOptions.ExplicitCapture,
        1_000
    )]
    private static partial Regex Token();
}
