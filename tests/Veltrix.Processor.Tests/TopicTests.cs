using Veltrix.Configuration;
using Veltrix.Processor.Tests.Support;

namespace Veltrix.Processor.Tests;

/// <summary>Which topics are read: a change of the routes leaves nothing behind.</summary>
public sealed class TopicTests
{
    private const string Moved = "com.veltrix.player.moved";

    [Fact]
    public async Task Route_MovedWhileABacklogExists_DrainsTheOldTopic()
    {
        await using var platform = await Platform.CreateAsync();
        await platform.StartAsync();
        await platform.MovedAsync("ann", "first", 1);
        await platform.UntilAsync("SELECT coalesce(sum(moves), 0)::bigint FROM players", 1);
        await using (await platform.LockPlayersAsync())
        {
            await platform.MovedAsync("ann", "in hand", 1);
            await Platform.UntilAsync(async () => await platform.WaitingSinceAsync() is not null, "a batch waits");
            await Task.WhenAll(Enumerable.Range(0, 50).Select(number => platform.MovedAsync("ann", $"{number}", 1)));
            platform.Configuration.Publish(configuration => Routed(configuration, Moved, platform.Hunts));
            // What was gathered is given back when the subscription changes, which the lock outlasts.
            await Platform.UntilAsync(
                () => Task.FromResult(platform.IsAssigned(Purposes.Projections, platform.Hunts)),
                "the new topic is read"
            );
        }

        await platform.UntilAsync("SELECT coalesce(sum(moves), 0)::bigint FROM players", 52);
        await platform.ProduceAsync(
            platform.Hunts,
            Moved,
            "ann",
            "moved",
            """{"latitude":1,"longitude":2,"meters":1}"""
        );
        await platform.UntilAsync("SELECT coalesce(sum(moves), 0)::bigint FROM players", 53);
        // Workflows read the event, too, now that it is in their topic, and have nothing to write for it.
        await platform.HuntAsync("hunt.started", "after", "after", """{"name":"Hunt","clues":1}""");
        await platform.UntilAsync("SELECT count(*) FROM hunts", 1);
        (await platform.QueryAsync<long>("SELECT count(*) FROM handled_batches WHERE purpose = 'workflows'")).ShouldBe(
            1
        );
    }

    // Nothing tells the new process what the old one read but the group's committed offsets.
    [Fact]
    public async Task Route_ExchangedWhileNobodyReads_DrainsTheOldTopicOfEachPurpose()
    {
        await using var platform = await Platform.CreateAsync();
        var before = await platform.StartAsync();
        await platform.MovedAsync("ann", "first", 1);
        await platform.PlayAsync("first", 1);
        await platform.UntilAsync("SELECT coalesce(sum(moves), 0)::bigint FROM players", 1);
        await platform.UntilAsync("SELECT count(*) FROM hunts WHERE state = 'Completed'", 1);
        await before.StopAsync();
        await Task.WhenAll(Enumerable.Range(0, 50).Select(number => platform.MovedAsync("ann", $"{number}", 1)));
        await platform.PlayAsync("second", 1);

        platform.Configuration.Publish(configuration =>
            configuration with
            {
                EventTypes =
                [
                    .. configuration.EventTypes.Select(type =>
                        type.Topic == platform.Hunts ? type with { Topic = platform.Players }
                        : type.Topic == platform.Players ? type with { Topic = platform.Hunts }
                        : type
                    ),
                ],
            }
        );
        await platform.StartAsync();

        await platform.UntilAsync("SELECT coalesce(sum(moves), 0)::bigint FROM players", 51);
        await platform.UntilAsync("SELECT count(*) FROM hunts WHERE state = 'Completed'", 2);
    }

    [Fact]
    public async Task Topic_ThatKafkaRefuses_KeepsNobodyFromReadingTheOthers()
    {
        await using var platform = await Platform.CreateAsync();
        platform.Configuration.Publish(configuration =>
            configuration with
            {
                Clusters =
                [
                    new("kafka", [.. configuration.Clusters[0].Topics, new("refused", 1, ReplicationFactor: 3)]),
                ],
            }
        );
        await platform.StartAsync();

        await platform.MovedAsync("ann", "first", 1);
        await platform.PlayAsync("first", 1);

        await platform.UntilAsync("SELECT coalesce(sum(moves), 0)::bigint FROM players", 1);
        await platform.UntilAsync("SELECT count(*) FROM hunts WHERE state = 'Completed'", 1);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Hunts_RoutedAfterTheStart_AreRead(bool hasOtherTopics)
    {
        await using var platform = await Platform.CreateAsync();
        var routed = platform.Configuration.Current.Configuration;
        platform.Configuration.Publish(_ =>
            routed with
            {
                Clusters = hasOtherTopics
                    ? [new("kafka", [.. routed.Clusters[0].Topics.Where(topic => topic.Name != platform.Hunts)])]
                    : [new("elsewhere", routed.Clusters[0].Topics)],
                EventTypes = [.. routed.EventTypes.Where(type => type.Topic != platform.Hunts)],
            }
        );
        var node = await platform.StartAsync();
        if (hasOtherTopics)
        {
            await platform.MovedAsync("ann", "first", 1);
            await platform.UntilAsync("SELECT coalesce(sum(moves), 0)::bigint FROM players", 1);
        }
        await Platform.UntilAsync(
            () => Task.FromResult(node.Get<Workflows.WorkflowHealth>().IsRunning),
            "it has begun"
        );

        platform.Configuration.Publish(_ => routed);
        await platform.PlayAsync("first", 1);

        await platform.UntilAsync("SELECT count(*) FROM hunts WHERE state = 'Completed'", 1);
    }

    // And back again: a subscription to nothing is no error that ends the consumer.
    [Fact]
    public async Task Topics_AllTakenAwayAndGivenBack_AreReadOn()
    {
        await using var platform = await Platform.CreateAsync();
        var routed = platform.Configuration.Current.Configuration;
        await platform.StartAsync();
        await platform.MovedAsync("ann", "first", 1);
        await platform.UntilAsync("SELECT coalesce(sum(moves), 0)::bigint FROM players", 1);
        var member = platform.Members(Purposes.Projections).ShouldHaveSingleItem();

        platform.Configuration.Publish(_ => routed with { Clusters = [new("elsewhere", routed.Clusters[0].Topics)] });
        await Platform.UntilAsync(
            () => Task.FromResult(!platform.Members(Purposes.Projections).Contains(member)),
            "the member has left"
        );
        platform.Configuration.Publish(_ => routed);
        await platform.MovedAsync("ann", "second", 1);

        await platform.UntilAsync("SELECT coalesce(sum(moves), 0)::bigint FROM players", 2);
    }

    private static PlatformConfiguration Routed(PlatformConfiguration configuration, string type, string topic) =>
        configuration with
        {
            EventTypes =
            [
                .. configuration.EventTypes.Select(entry => entry.Type == type ? entry with { Topic = topic } : entry),
            ],
        };
}
