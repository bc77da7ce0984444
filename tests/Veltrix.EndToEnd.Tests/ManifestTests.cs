using System.Diagnostics;
using System.Text.Json;
using Veltrix.Testing;

namespace Veltrix.EndToEnd.Tests;

/// <summary>The manifest as a deployer asks for it.</summary>
public sealed class ManifestTests
{
    [Fact]
    public async Task Publisher_Manifest_WritesAllResourcesAndNothingOnStandardError()
    {
        var cancellation = TestContext.Current.CancellationToken;
        using var directory = new TemporaryDirectory();
        var path = directory.Combine("manifest.json");
        using var process = Process.Start(
            new ProcessStartInfo(
                "dotnet",
                [
                    "run",
                    "--no-build",
                    "--project",
                    Path.Combine(Repository.Root, "Veltrix.AppHost"),
                    "--",
                    "--publisher",
                    "manifest",
                    "--output-path",
                    path,
                ]
            )
            {
                RedirectStandardError = true,
                RedirectStandardOutput = true,
            }
        )!;
        var output = process.StandardOutput.ReadToEndAsync(cancellation);
        var errors = process.StandardError.ReadToEndAsync(cancellation);
        await process.WaitForExitAsync(cancellation);

        process.ExitCode.ShouldBe(0, await output);
        (await errors).ShouldBeEmpty();
        using var manifest = JsonDocument.Parse(await File.ReadAllTextAsync(path, cancellation));
        var names = manifest
            .RootElement.GetProperty("resources")
            .EnumerateObject()
            .Select(resource => resource.Name)
            .ToList();
        new[] { "postgres", "configdb", "processingdb", "redis", "kafka", "config", "ingest", "processor", "admin" }
            .Except(names)
            .ShouldBeEmpty();
    }
}
