using System.Net;
using System.Text.Json;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;
using Veltrix.ServiceDefaults.Health;

namespace Veltrix.ServiceDefaults.Tests;

public sealed class DrainTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("TERM")]
    [InlineData("INT")]
    public async Task Signal_DuringARequest_TheRequestFinishesThenTheProcessEnds(string signal)
    {
        await using var host = await TestHostProcess.StartAsync();
        using var response = await host.Client.GetAsync(
            "/until-draining",
            HttpCompletionOption.ResponseHeadersRead,
            Cancellation
        );

        await host.SignalAsync(signal);

        (await response.Content.ReadAsStringAsync(Cancellation)).ShouldBe("begun and finished");
        (await host.ExitCodeAsync()).ShouldBe(0);
    }

    [Theory]
    [InlineData("TERM")]
    [InlineData("INT")]
    public async Task Signal_DuringTheStart_TheProcessEndsInGoodOrder(string signal)
    {
        await using var host = await TestHostProcess.BeginAsync();

        await host.SignalAsync(signal);

        (await host.ExitCodeAsync()).ShouldBe(0);
    }

    [Fact]
    public async Task Answer_OfEveryService_DoesNotSayWhichServerItIs()
    {
        await using var service = await TestService.StartAsync();

        using var answer = await service.Client.GetAsync("/alive", Cancellation);

        answer.Headers.Server.ShouldBeEmpty();
    }

    [Fact]
    public async Task Stop_WithNotice_ReadinessFallsWhileTheListenerStaysOpen()
    {
        var time = new HeldTimer(TimeSpan.FromSeconds(7));
        await using var service = await TestService.StartAsync(
            configure: builder => builder.Services.AddSingleton<TimeProvider>(time),
            settings: [("Drain:NoticeSeconds", "7")]
        );
        (await GetAsync(service, "/health")).Status.ShouldBe(HttpStatusCode.OK);

        service.App.Lifetime.StopApplication();
        var stopping = service.App.StopAsync(Cancellation);
        await time.Armed.WaitAsync(Cancellation);

        var (status, health) = await GetAsync(service, "/health");
        status.ShouldBe(HttpStatusCode.ServiceUnavailable);
        health
            .RootElement.GetProperty("checks")
            .GetProperty("ready")
            .GetProperty("status")
            .GetString()
            .ShouldBe("Unhealthy");
        (await GetAsync(service, "/alive")).Status.ShouldBe(HttpStatusCode.OK);
        service.App.Services.GetRequiredService<DrainState>().IsDraining.ShouldBeTrue();
        stopping.IsCompleted.ShouldBeFalse();
        await time.FireAsync();
        await stopping;
    }

    [Fact]
    public async Task ShutdownTimeout_ByDefault_IsFiveSeconds()
    {
        await using var service = await TestService.StartAsync();
        Timeout(service).ShouldBe(TimeSpan.FromSeconds(5));
    }

    [Fact]
    public async Task ShutdownTimeout_Configured_HoldsTheNoticeToo()
    {
        var builder = Microsoft.AspNetCore.Builder.WebApplication.CreateBuilder();
        builder.Configuration["Drain:TimeoutSeconds"] = "12";
        builder.Configuration["Drain:NoticeSeconds"] = "3";
        builder.AddServiceDefaults();
        await using var app = builder.Build();

        app.Services.GetRequiredService<IOptions<HostOptions>>()
            .Value.ShutdownTimeout.ShouldBe(TimeSpan.FromSeconds(15));
    }

    [Fact]
    public async Task Health_ShowsEachCheck()
    {
        await using var service = await TestService.StartAsync(configure: builder =>
            builder.Services.AddHealthChecks().AddCheck("store", () => HealthCheckResult.Degraded("It is slow."))
        );

        var (status, health) = await GetAsync(service, "/health");

        status.ShouldBe(HttpStatusCode.OK);
        health.RootElement.GetProperty("status").GetString().ShouldBe("Degraded");
        var store = health.RootElement.GetProperty("checks").GetProperty("store");
        store.GetProperty("status").GetString().ShouldBe("Degraded");
        store.GetProperty("description").GetString().ShouldBe("It is slow.");
        (await GetAsync(service, "/alive"))
            .Health.RootElement.GetProperty("checks")
            .EnumerateObject()
            .Select(check => check.Name)
            .ShouldBe(["self"]);
    }

    private static TimeSpan Timeout(TestService service) =>
        service.App.Services.GetRequiredService<IOptions<HostOptions>>().Value.ShutdownTimeout;

    private static async Task<(HttpStatusCode Status, JsonDocument Health)> GetAsync(TestService service, string path)
    {
        using var response = await service.Client.GetAsync(path, Cancellation);
        response.Content.Headers.ContentType!.MediaType.ShouldBe("application/json");
        return (response.StatusCode, JsonDocument.Parse(await response.Content.ReadAsStringAsync(Cancellation)));
    }
}
