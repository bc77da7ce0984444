using Veltrix.Cli.Platform;
using Veltrix.Testing;

namespace Veltrix.Cli.Tests;

public sealed class PlatformTests
{
    private static readonly string[] Load = ["load", "--json", "--rate", "10", "--duration", "100ms"];

    [Fact]
    public async Task Discovery_FromADirectoryBelow_WalksUp()
    {
        await using var platform = await FakePlatform.StartAsync();
        var below = Directory.CreateDirectory(Path.Combine(platform.Directory, "a", "b")).FullName;

        (await CliRun.ExecuteAsync(below, Load)).ExitCode.ShouldBe(0);
    }

    [Theory]
    [InlineData("")]
    [InlineData(".veltrix")]
    public async Task Discovery_NamedDirectory_IsUsed(string part)
    {
        await using var platform = await FakePlatform.StartAsync();

        var run = await CliRun.ExecuteAsync(
            Path.GetTempPath(),
            [.. Load, "--platform", Path.Combine(platform.Directory, part)]
        );

        run.Error.ShouldBeEmpty();
        run.ExitCode.ShouldBe(0);
    }

    [Fact]
    public async Task Discovery_AddressesAndKeyGiven_NeedsNoFiles()
    {
        await using var platform = await FakePlatform.StartAsync();
        var keyFile = Path.Combine(platform.Directory, ".veltrix", "secrets", "operator-key");

        var run = await CliRun.ExecuteAsync(
            Path.GetTempPath(),
            [.. Load, "--ingest", platform.Address, "--processor", platform.Address, "--key-file", keyFile]
        );

        run.Error.ShouldBeEmpty();
        run.ExitCode.ShouldBe(0);
        platform.Keys.Distinct().ShouldBe([$"Bearer {FakePlatform.OperatorKey}"]);
    }

    [Fact]
    public async Task Discovery_NothingThere_SaysWhatIsMissing()
    {
        using var empty = new TemporaryDirectory();

        var run = await CliRun.ExecuteAsync(empty.Path, Load);

        run.ExitCode.ShouldBe(2);
        run.Error.ShouldContain("VX-4001");
        run.Error.ShouldContain("--ingest");
    }

    [Theory]
    [InlineData("not json")]
    [InlineData("null")]
    [InlineData("{}")]
    public async Task Discovery_UnreadableFile_IsAnErrorNotACrash(string content)
    {
        await using var platform = await FakePlatform.StartAsync();
        await File.WriteAllTextAsync(
            Path.Combine(platform.Directory, ".veltrix", "resources.json"),
            content,
            TestContext.Current.CancellationToken
        );

        var run = await platform.RunAsync(Load);

        run.ExitCode.ShouldBe(2);
        run.Error.ShouldContain("VX-4001");
    }

    [Fact]
    public async Task Key_IsMissing_SaysWhere()
    {
        await using var platform = await FakePlatform.StartAsync();
        File.Delete(Path.Combine(platform.Directory, ".veltrix", "secrets", "ingest-key"));

        var run = await platform.RunAsync(Load);

        run.ExitCode.ShouldBe(2);
        run.Error.ShouldContain("VX-4002");
        run.Error.ShouldContain("ingest-key");
    }

    [Fact]
    public void AddressOf_ResourceWithoutAddress_IsNull()
    {
        var file = new PlatformFile(null, [new("postgres", []), new("kafka", null)]);

        file.AddressOf("postgres").ShouldBeNull();
        file.AddressOf("kafka").ShouldBeNull();
        file.AddressOf("ingest").ShouldBeNull();
    }

    [Theory]
    [InlineData("30", 30_000)]
    [InlineData("1.5s", 1_500)]
    [InlineData("250ms", 250)]
    [InlineData("2m", 120_000)]
    [InlineData("1h", 3_600_000)]
    public void Duration_WithUnit_IsRead(string text, int milliseconds)
    {
        Duration.TryParse(text, out var duration).ShouldBeTrue();
        duration.ShouldBe(TimeSpan.FromMilliseconds(milliseconds));
    }

    [Theory]
    [InlineData("")]
    [InlineData("s")]
    [InlineData("-1s")]
    [InlineData("1e9h")]
    [InlineData("NaN")]
    public void Duration_Unreadable_IsRefused(string text) => Duration.TryParse(text, out _).ShouldBeFalse();
}
