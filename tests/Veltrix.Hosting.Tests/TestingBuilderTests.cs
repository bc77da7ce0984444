using Aspire.Hosting.Orchestration;
using Aspire.Hosting.Testing;
using Microsoft.Extensions.DependencyInjection;
using Veltrix.Hosting.TestHost;
using Veltrix.Testing;

namespace Veltrix.Hosting.Tests;

public sealed class TestingBuilderTests
{
    [Fact]
    public async Task CreateAsync_TwoAtOnce_RunBesideEachOtherAndLeaveNothing()
    {
        await using var firstBuilder = await DistributedApplicationTestingBuilder.CreateAsync<TestService>(
            ["--Test:Redis=true"],
            Cancellation
        );
        await using var secondBuilder = await DistributedApplicationTestingBuilder.CreateAsync<TestService>(
            ["--Test:Redis=true"],
            Cancellation
        );
        string[] directories;
        await using (var first = await firstBuilder.BuildAsync(Cancellation))
        await using (var second = await secondBuilder.BuildAsync(Cancellation))
        {
            await Task.WhenAll(first.StartAsync(Cancellation), second.StartAsync(Cancellation));
            await Task.WhenAll(
                first.ResourceNotifications.WaitForResourceHealthyAsync("web", Cancellation),
                second.ResourceNotifications.WaitForResourceHealthyAsync("web", Cancellation)
            );

            using var firstClient = first.CreateHttpClient("web");
            using var secondClient = second.CreateHttpClient("web");
            firstClient.BaseAddress.ShouldNotBe(secondClient.BaseAddress);
            (await firstClient.GetStringAsync(new Uri("/who", UriKind.Relative), Cancellation)).ShouldContain("web");
            (await secondClient.GetStringAsync(new Uri("/who", UriKind.Relative), Cancellation)).ShouldContain("web");
            (await first.GetConnectionStringAsync("redis", Cancellation)).ShouldNotBe(
                await second.GetConnectionStringAsync("redis", Cancellation)
            );
            directories = [DataDirectory(first), DataDirectory(second)];
            directories.ShouldAllBe(directory => Directory.Exists(directory));
        }

        directories.ShouldAllBe(directory => !Directory.Exists(directory));
    }

    [Fact]
    public async Task CreateAsync_DataDirectoryIsNamed_KeepsIt()
    {
        using var directory = new TemporaryDirectory();
        string?[] passwords = new string?[2];
        for (var run = 0; run < 2; run++)
        {
            await using var builder = await DistributedApplicationTestingBuilder.CreateAsync<TestService>(
                ["--Test:Redis=true", $"--StandIns:DataDirectory={directory.Path}"],
                Cancellation
            );
            await using var app = await builder.BuildAsync(Cancellation);
            await app.StartAsync(Cancellation);
            await app.ResourceNotifications.WaitForResourceHealthyAsync("redis", Cancellation);
            passwords[run] = (await app.GetConnectionStringAsync("redis", Cancellation))!.Split("password=")[1];
        }

        passwords[1].ShouldBe(passwords[0]);
    }

    [Fact]
    public async Task CreateAsync_EntryPointFails_GivesItsError()
    {
        var error = await Should.ThrowAsync<Exception>(() =>
            DistributedApplicationTestingBuilder.CreateAsync<TestService>(["--publisher", "unknown"], Cancellation)
        );

        error.Message.ShouldContain("unknown");
    }

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    private static string DataDirectory(Aspire.Hosting.DistributedApplication app) =>
        app.Services.GetRequiredService<OrchestrationOptions>().DataDirectory;
}
