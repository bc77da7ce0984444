using Veltrix.Testing;

namespace Veltrix.Hosting.Tests;

public sealed class NativeToolsTests
{
    private static readonly byte[] PngSignature = [0x89, (byte)'P', (byte)'N', (byte)'G'];

    [Fact]
    public async Task PromtoolAsync_BadMetrics_FindsThemBad()
    {
        var promtool = await NativeTools.PromtoolAsync(Cancellation);

        var good = await promtool.RunAsync(
            ["check", "metrics"],
            "# HELP a_total Help.\n# TYPE a_total counter\na_total 1\n",
            Cancellation
        );
        var bad = await promtool.RunAsync(["check", "metrics"], "a_total{ 1\n", Cancellation);

        good.ExitCode.ShouldBe(0, good.Errors);
        bad.ExitCode.ShouldNotBe(0);
    }

    [Fact]
    public async Task KcatAsync_AskedForItsVersion_Answers()
    {
        var kcat = await NativeTools.KcatAsync(Cancellation);

        var version = await kcat.RunAsync(["-V"], cancellation: Cancellation);

        version.ExitCode.ShouldBe(0, version.Errors);
        version.Output.ShouldContain("librdkafka");
    }

    [Fact]
    public async Task ChromiumAsync_PageWithText_IsDrawn()
    {
        var chromium = await NativeTools.ChromiumAsync(Cancellation);
        using var directory = new TemporaryDirectory();
        var image = directory.Combine("page.png");

        var run = await chromium.RunAsync(
            [
                "--headless",
                "--no-sandbox",
                "--disable-gpu",
                "--disable-dev-shm-usage",
                $"--user-data-dir={directory.Combine("profile")}",
                $"--screenshot={image}",
                "--window-size=320,200",
                "data:text/html,<h1>Veltrix</h1>",
            ],
            cancellation: Cancellation
        );

        run.ExitCode.ShouldBe(0, run.Errors);
        (await File.ReadAllBytesAsync(image, Cancellation)).Take(4).ShouldBe(PngSignature);
    }

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;
}
