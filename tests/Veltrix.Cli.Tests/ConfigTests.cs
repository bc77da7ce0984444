using System.Text;
using System.Text.Json;
using Veltrix.Configuration;
using Veltrix.Testing;

namespace Veltrix.Cli.Tests;

public sealed class ConfigTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Config_ProposeToRollBack_MakesTheHistory()
    {
        await using var platform = await ConfigPlatform.StartAsync();

        (await platform.MustAsync("get")).Out.ShouldContain("\"workers\": 2");
        await File.WriteAllTextAsync(
            Path.Combine(platform.Directory, "patch.json"),
            """{"processor":{"workers":5}}""",
            Cancellation
        );
        var proposed = await platform.MustAsync([
            "propose",
            "patch.json",
            "--patch",
            "--base",
            "1",
            "--reason",
            "More & more",
            "--json",
        ]);
        proposed.Json.GetProperty("state").GetString().ShouldBe("open");
        (await platform.MustAsync("diff", "--proposal", "1"))
            .Out.Trim()
            .ShouldBe("~ $.processor.workers: 2 -> 5 workers");
        (await platform.MustAsync("validate", "1")).Out.ShouldStartWith("Valid.");
        await platform.MustAsync("approve", "1", "--key-file", "second-key");
        var published = await platform.MustAsync("publish", "1", "--json");
        published.Number("number").ShouldBe(2);
        published.Json.GetProperty("reason").GetString().ShouldBe("More & more");
        (await platform.MustAsync("diff", "1", "2", "--json"))
            .Json.GetProperty("differences")[0]
            .GetProperty("kind")
            .GetString()
            .ShouldBe("changed");
        (await platform.MustAsync("rollback", "1", "--base", "2", "--reason", "Back")).Out.ShouldStartWith("version 3");
        (await platform.MustAsync("diff", "1")).Out.Trim().ShouldBe("No difference.");

        (await platform.MustAsync("history", "--limit", "2", "--json"))
            .Json.EnumerateArray()
            .Select(version => version.GetProperty("number").GetInt32())
            .ShouldBe([3, 2]);
        (await platform.MustAsync("history")).Out.ShouldContain("Safe defaults");
        (await platform.MustAsync("proposals")).Out.ShouldContain("proposal 1  published");
        (await platform.MustAsync("get", "2", "--json"))
            .Json.GetProperty("configuration")
            .GetProperty("processor")
            .GetProperty("workers")
            .GetInt32()
            .ShouldBe(5);
        (await platform.MustAsync("audit", "--json"))
            .Json.EnumerateArray()
            .Select(entry => $"{entry.GetProperty("actor")} {entry.GetProperty("act")}")
            .ShouldBe([
                "operator roll-back",
                "operator publish",
                "second approve",
                "operator validate",
                "operator propose",
                "veltrix publish",
            ]);
    }

    [Fact]
    public async Task Config_ProposeYaml_IsTheSameAsJson()
    {
        await using var platform = await ConfigPlatform.StartAsync();
        var patch = Path.Combine(platform.Directory, "patch.yaml");
        await File.WriteAllTextAsync(patch, "processor: { workers: 5 } # for the evening", Cancellation);
        await File.WriteAllTextAsync(Path.Combine(platform.Directory, "broken.yml"), "processor: [", Cancellation);

        (await platform.MustAsync("propose", "patch.yaml", "--patch", "--reason", "Evening")).Out.ShouldContain("open");
        var broken = await platform.RunAsync("propose", "broken.yml", "--reason", "Evening");

        (await platform.MustAsync("diff", "--proposal", "1")).Out.ShouldStartWith(
            "~ $.processor.workers: 2 -> 5 workers"
        );
        broken.ExitCode.ShouldBe(2);
        broken.Error.ShouldContain("broken.yml is not YAML: line ");
    }

    [Fact]
    public async Task Config_Rollout_IsStartedPausedResumedAndAborted()
    {
        await using var platform = await ConfigPlatform.StartAsync();
        (await platform.MustAsync("rollout", "list")).Out.Trim().ShouldBe("No rollout.");
        await platform.ProposeWorkersAsync(5);

        var started = await platform.MustAsync([
            "rollout",
            "start",
            "1",
            "--wave",
            "processor:1",
            "--wave",
            "50%",
            "--bake",
            "30s",
            "--reason",
            "More workers",
            "--json",
        ]);

        started.Number("candidate").ShouldBe(2);
        started.Number("bakeSeconds").ShouldBe(30);
        started.Json.GetProperty("waves")[0].GetProperty("label").GetString().ShouldBe("processor");
        started.Json.GetProperty("waves")[1].GetProperty("percent").GetInt32().ShouldBe(50);
        (await platform.MustAsync("rollout", "pause", "1", "--reason", "Lunch")).Out.ShouldContain("paused");
        (await platform.MustAsync("rollout", "resume", "1", "--reason", "Back")).Out.ShouldNotContain("paused");
        (await platform.MustAsync("rollout", "abort", "1", "--reason", "No")).Out.ShouldContain("taken back by 3");
        (await platform.MustAsync("rollout", "show", "1")).Out.ShouldContain("aborted");
        (await platform.RunAsync("rollout", "show", "7")).ExitCode.ShouldBe(1);
        (await platform.RunAsync("rollout", "start", "1", "--wave", "0%", "--reason", "x")).ExitCode.ShouldBe(2);
    }

    [Fact]
    public async Task Config_ExportAndImport_KeepsTheBytes()
    {
        await using var platform = await ConfigPlatform.StartAsync();
        var file = Path.Combine(platform.Directory, "a.json");

        (await platform.MustAsync("export", "1", "--output", "a.json")).Out.ShouldBeEmpty();
        var bytes = await File.ReadAllBytesAsync(file, Cancellation);
        bytes.ShouldBe(CanonicalJson.Write(PlatformConfiguration.Default));
        var changed = Encoding
            .UTF8.GetString(bytes)
            .Replace("\"workers\":2", "\"workers\":7", StringComparison.Ordinal);
        await File.WriteAllTextAsync(file, changed, Cancellation);
        (await platform.MustAsync("import", "a.json", "--reason", "From Git", "--publish")).Out.ShouldStartWith(
            "version 2"
        );

        (await platform.MustAsync("export")).Out.ShouldBe(changed);
        var again = await platform.RunWithInputAsync(changed, "import", "-", "--reason", "From Git");
        again.ExitCode.ShouldBe(0);
        again.Out.ShouldStartWith("proposal 2  open");
        await platform.MustAsync("withdraw", "2", "--reason", "Nothing new");
    }

    [Fact]
    public async Task Config_FreezePinAndFourEyes_RefuseWithTheCode()
    {
        await using var platform = await ConfigPlatform.StartAsync();
        var patch = """{"processor":{"workers":5}}""";
        (await platform.RunWithInputAsync(patch, "propose", "-", "--patch", "--reason", "r")).ExitCode.ShouldBe(0);

        await platform.MustAsync("freeze", "--reason", "Release night");
        await ShouldBeRefusedAsync("VX-2020", "publish", "1");
        (await platform.MustAsync("policy")).Out.ShouldContain("Release night");
        await platform.MustAsync("unfreeze", "--reason", "Over");
        await platform.MustAsync("pin", "$.processor.workers", "--reason", "Measured");
        await ShouldBeRefusedAsync("VX-2021", "publish", "1");
        await platform.MustAsync("unpin", "$.processor.workers", "--reason", "Measured again");
        await platform.MustAsync("four-eyes", "on", "--reason", "Audit");
        await ShouldBeRefusedAsync("VX-2022", "publish", "1");
        await ShouldBeRefusedAsync("VX-2023", "approve", "1");
        await platform.MustAsync("approve", "1", "--key-file", platform.SecondKeyFile);
        await platform.MustAsync("publish", "1");
        await platform.MustAsync("four-eyes", "off", "--reason", "Over");
        await ShouldBeRefusedAsync("VX-2003", "rollback", "99", "--reason", "r");
        await ShouldBeRefusedAsync("VX-2002", "rollback", "1", "--base", "1", "--reason", "r");
        (await platform.MustAsync("policy", "--json")).Json.GetProperty("pins").GetArrayLength().ShouldBe(0);

        async Task ShouldBeRefusedAsync(string code, params string[] arguments)
        {
            var run = await platform.RunAsync(arguments);
            run.ExitCode.ShouldBe(1);
            run.Out.ShouldBeEmpty();
            run.Error.ShouldContain(code);
        }
    }

    [Fact]
    public async Task Config_InvalidDocument_IsABadResultWithEveryPath()
    {
        await using var platform = await ConfigPlatform.StartAsync();

        var shape = await platform.RunWithInputAsync("""{"surprise":1}""", "propose", "-", "--patch", "--reason", "r");
        shape.ExitCode.ShouldBe(1);
        shape.Error.ShouldContain("$.surprise");
        var patch = """{"processor":{"workers":0}}""";
        (await platform.RunWithInputAsync(patch, "propose", "-", "--patch", "--reason", "r")).ExitCode.ShouldBe(0);
        var run = await platform.RunAsync("validate", "1");

        run.ExitCode.ShouldBe(1);
        run.Out.ShouldContain("$.processor.workers: 0 is outside the range. Allowed: 1 to 256.");
    }

    [Fact]
    public async Task Config_Verify_IsABadResultWhenTheHistoryWasChanged()
    {
        await using var platform = await ConfigPlatform.StartAsync();
        (await platform.MustAsync("verify")).Out.ShouldStartWith("1 versions, all as they were published");

        await platform.ExecuteAsync(
            "set session_replication_role = replica; update configuration_versions set reason = 'Another'"
        );
        var run = await platform.RunAsync("verify");

        run.ExitCode.ShouldBe(1);
        run.Out.ShouldStartWith("BROKEN at version 1");
        (await platform.RunAsync("verify", "--json")).Json.GetProperty("intact").GetBoolean().ShouldBeFalse();
    }

    [Theory]
    [InlineData("diff")]
    [InlineData("diff", "1", "--proposal", "1")]
    [InlineData("propose", "missing.json", "--reason", "r")]
    [InlineData("propose", "missing.json")]
    [InlineData("four-eyes", "maybe", "--reason", "r")]
    [InlineData("publish", "x")]
    [InlineData("get")]
    public async Task Config_WrongUsageOrNoService_CouldNotRun(params string[] arguments)
    {
        using var directory = new TemporaryDirectory();
        await File.WriteAllTextAsync(directory.Combine("key"), "a-key", Cancellation);

        var run = await CliRun.ExecuteAsync(
            directory.Path,
            ["config", .. arguments, "--config-service", "http://127.0.0.1:1", "--key-file", "key"]
        );

        run.ExitCode.ShouldBe(2);
        run.Error.ShouldNotBeEmpty();
    }
}
