using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Veltrix.Configuration;
using Veltrix.Processor.Tests.Support;
using Veltrix.ServiceDefaults.Configuration;

namespace Veltrix.Processor.Tests;

public sealed class HealthTests
{
    // The doctor refuses to route what no processor says that it handles.
    [Fact]
    public async Task Report_NamesTheHandledTypes()
    {
        await using var platform = await Platform.CreateAsync();
        var node = await platform.StartAsync();

        node.Get<NodeMeter>()
            .Take()
            .HandledTypes.ShouldBe(
                PlatformConfiguration.Default.EventTypes.Select(type => type.Type),
                ignoreOrder: true
            );
    }

    [Fact]
    public async Task Health_OnceBothPurposesConsume_IsHealthy()
    {
        await using var platform = await Platform.CreateAsync();
        var node = await platform.StartAsync();
        var health = node.Services.GetRequiredService<HealthCheckService>();

        HealthReport? report = null;
        await Platform.UntilAsync(
            async () =>
            {
                // The configuration is the test's, so its own check knows of none.
                report = await health.CheckHealthAsync(
                    check => check.Name != "configuration",
                    TestContext.Current.CancellationToken
                );
                return report.Status == HealthStatus.Healthy;
            },
            "everything is healthy"
        );

        report!.Entries.Keys.ShouldContain("processing");
        report.Entries.Keys.ShouldContain("StackExchange.Redis");
    }
}
