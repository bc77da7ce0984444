using System.Net.Http.Json;
using Microsoft.Extensions.DependencyInjection;
using Veltrix.Events;
using Veltrix.Processor.Endpoints;
using Veltrix.Processor.Projections;
using Veltrix.Processor.Tests.Support;
using Veltrix.Testing;

namespace Veltrix.Processor.Tests;

public sealed class AccountingTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Effects_AreTheSumOverEveryProjectionAndTheHunts()
    {
        await using var platform = await Platform.CreateAsync();
        var node = await platform.StartAsync(configure: services =>
            services.AddSingleton<IProjection, PrefixProjection>()
        );
        foreach (var prefix in new[] { "one-", "other-" })
        {
            await platform.MovedAsync($"{prefix}player", $"{prefix}1", meters: 7);
            await platform.MovedAsync($"{prefix}player", $"{prefix}1", meters: 7);
            await platform.ProduceAsync(platform.GitHub, "com.github.push", $"{prefix}repository", $"{prefix}2", "{}");
            await platform.PlayAsync($"{prefix}hunt", clues: 1);
        }

        // Of the source, whatever the prefix; an event that comes twice counts once.
        await Eventually.AnswersAsync(
            () => AccountingAsync(node, "one-"),
            accounting => accounting.Handled == 10,
            TimeSpan.FromMinutes(1)
        );

        (await AccountingAsync(node, "one-")).Effects.ShouldBe(5 + "one-".Length);
        (await AccountingAsync(node, "other-")).Effects.ShouldBe(5 + "other-".Length);
        (await AccountingAsync(node, "nobody")).Effects.ShouldBe("nobody".Length);
    }

    private static async Task<AccountingView> AccountingAsync(ProcessorNode node, string subjectPrefix) =>
        (
            await node.Http.GetFromJsonAsync<AccountingView>(
                $"/accounting?source=/test&subjectPrefix={subjectPrefix}",
                Cancellation
            )
        )!;

    /// <summary>Never has an event, and as many effects as the prefix has letters.</summary>
    private sealed class PrefixProjection : IProjection
    {
        public string EventType => "com.example.prefixed";

        public string Effects => "SELECT length($1)";

        public object Decode(in EventRecord record) => throw new NotSupportedException();

        public IFold CreateFold() => new GitHubFold();
    }
}
