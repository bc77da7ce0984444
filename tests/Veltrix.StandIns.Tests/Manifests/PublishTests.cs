using System.Diagnostics;

namespace Veltrix.StandIns.Tests.Manifests;

/// <summary>Publishes as aspirate does: it runs the AppHost, and any text on standard error is a failure to it.</summary>
public sealed class PublishTests : IDisposable
{
    // Beside the AppHost, so that the paths in the manifest do not depend on where the tests run.
    private readonly string _directory = Path.Combine(
        Projects.Veltrix_AppHost.ProjectPath,
        "obj-manifest-" + Guid.NewGuid().ToString("N")
    );

    [Fact]
    public async Task Publish_OurAppHost_WritesTheExpectedManifestAndNoError()
    {
        var (exitCode, error) = await RunAsync("--publisher", "manifest", "--output-path", _directory);

        error.ShouldBeEmpty();
        exitCode.ShouldBe(0);
        var manifest = await File.ReadAllTextAsync(
            Path.Combine(_directory, "aspire-manifest.json"),
            TestContext.Current.CancellationToken
        );
        manifest.Replace("../../", "../", StringComparison.Ordinal).ShouldBe(Golden.Read("Veltrix.AppHost.json"));
    }

    [Fact]
    public async Task Publish_WithExistingServers_WritesNoContainers()
    {
        var (exitCode, error) = await RunAsync(
            "--publisher=manifest",
            "--output-path=" + Path.Combine(_directory, "m.json"),
            "--ConnectionStrings:kafka=k:9092",
            "--ConnectionStrings:redis=r:6379",
            "--ConnectionStrings:configdb=Host=p",
            "--ConnectionStrings:processingdb=Host=p"
        );

        error.ShouldBeEmpty();
        exitCode.ShouldBe(0);
        var manifest = await File.ReadAllTextAsync(
            Path.Combine(_directory, "m.json"),
            TestContext.Current.CancellationToken
        );
        manifest.ShouldNotContain("container.v0");
        manifest.ShouldNotContain("postgres-password");
    }

    [Fact]
    public async Task Publish_WithoutOutputPath_FailsAndSaysSo()
    {
        var (exitCode, error) = await RunAsync("--publisher", "manifest");

        exitCode.ShouldNotBe(0);
        error.ShouldContain("--output-path");
    }

    public void Dispose()
    {
        if (Directory.Exists(_directory))
            Directory.Delete(_directory, recursive: true);
    }

    private static async Task<(int ExitCode, string Error)> RunAsync(params string[] arguments)
    {
        var assembly = typeof(Projects.Veltrix_AppHost).Assembly.Location;
        using var process = Process.Start(
            new ProcessStartInfo("dotnet", [assembly, .. arguments])
            {
                RedirectStandardOutput = true,
                RedirectStandardError = true,
            }
        )!;
        var output = process.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken);
        var error = await process.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken);
        await output;
        await process.WaitForExitAsync(TestContext.Current.CancellationToken);
        return (process.ExitCode, error);
    }
}
