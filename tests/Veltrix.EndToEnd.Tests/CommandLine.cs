using System.Diagnostics;
using System.Text.Json;

namespace Veltrix.EndToEnd.Tests;

/// <summary>Runs <c>veltrix</c> as a user would, against a platform.</summary>
internal static class CommandLine
{
    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web);

    /// <summary>Runs <c>veltrix load --json</c> and returns its report; the exit code must fit what the report says.</summary>
    public static async Task<LoadReport> LoadAsync(Platform platform, params string[] arguments)
    {
        var (exitCode, output, errors) = await RunAsync([
            "load",
            "--json",
            "--platform",
            platform.DataDirectory,
            .. arguments,
        ]);
        output.ShouldNotBeNullOrWhiteSpace($"veltrix load ended with {exitCode}: {errors}");
        var report = JsonSerializer.Deserialize<LoadReport>(output, Json)!;
        exitCode.ShouldBe(report.Lost + report.Duplicated > 0 ? 1 : 0, errors);
        return report;
    }

    public static async Task<(int ExitCode, string Output, string Errors)> RunAsync(IEnumerable<string> arguments)
    {
        var start = new ProcessStartInfo(
            "dotnet",
            [Path.Combine(AppContext.BaseDirectory, "veltrix.dll"), .. arguments]
        )
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        using var process = Process.Start(start)!;
        try
        {
            var output = process.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken);
            var errors = process.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken);
            await process.WaitForExitAsync(TestContext.Current.CancellationToken);
            return (process.ExitCode, await output, await errors);
        }
        finally
        {
            if (!process.HasExited)
                process.Kill(entireProcessTree: true);
        }
    }
}

/// <summary>The last line of <c>veltrix load --json</c>.</summary>
internal sealed record LoadReport(
    long Sent,
    long Accepted,
    long Handled,
    long Lost,
    long Duplicated,
    long Unacknowledged,
    double EventsPerSecond,
    double? P50Milliseconds,
    double? P99Milliseconds,
    double? EndToEndP50Milliseconds,
    double? EndToEndP99Milliseconds,
    string Source
);
