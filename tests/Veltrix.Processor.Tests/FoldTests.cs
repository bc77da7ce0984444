using Confluent.Kafka;
using FsCheck;
using FsCheck.Fluent;
using Veltrix.Events;
using Veltrix.Processor.Projections;

namespace Veltrix.Processor.Tests;

public sealed class FoldTests
{
    [Fact]
    public void Fold_ByAnyNumberOfWorkers_IsTheSequentialFold()
    {
        var move =
            from player in Gen.Choose(0, 5)
            from key in Gen.Choose(0, 8)
            from meters in Gen.Choose(0, 1_000)
            from isNew in Gen.Elements(true, true, true, false)
            select new Move(player, key, meters, isNew);
        var cases =
            from moves in move.ListOf()
            from workers in Gen.Choose(1, 9)
            select (Moves: moves.ToArray(), Workers: workers);

        Prop.ForAll(
                cases.ToArbitrary(),
                generated =>
                {
                    var expected = Fold(generated.Moves, 1);
                    var actual = Fold(generated.Moves, generated.Workers);
                    return expected.Count == actual.Count
                        && expected.All(entry => actual.GetValueOrDefault(entry.Key) == entry.Value);
                }
            )
            .QuickCheckThrowOnFailure();
    }

    [Fact]
    public void Fold_KeepsTheLastPosition_AndSumsTheRest()
    {
        Move[] moves = [new(1, 1, 10, true), new(2, 1, 5, true), new(1, 2, 7, true), new(1, 3, 100, false)];

        var players = Fold(moves, 4);

        players["player-1"].Moves.ShouldBe(2);
        players["player-1"].Meters.ShouldBe(17);
        players["player-1"].Latitude.ShouldBe(2);
        players["player-2"].Meters.ShouldBe(5);
    }

    private static IReadOnlyDictionary<string, PlayerChange> Fold(Move[] moves, int workers)
    {
        IProjection[] projections = [new PlayerProjection(null!), new GitHubProjection()];
        var records = moves.Select(Record).ToArray();
        var batch = ProjectionBatch.DecodeAsync(records, projections, workers).GetAwaiter().GetResult();
        batch.Unusable().ShouldBeEmpty();
        var folds = batch.FoldAsync(position => moves[position].IsNew).GetAwaiter().GetResult();
        return folds.OfType<PlayerFold>().Single().Players;
    }

    private static ConsumeResult<byte[], byte[]> Record(Move move, int position)
    {
        var headers = new Headers();
        foreach (
            var (name, value) in new[]
            {
                (CloudEventHeaders.Id, $"{position}"),
                (CloudEventHeaders.Source, "/test"),
                (CloudEventHeaders.Type, "com.veltrix.player.moved"),
                (CloudEventHeaders.SpecVersion, "1.0"),
                (CloudEventHeaders.Subject, $"player-{move.Player}"),
                (CloudEventHeaders.Time, "2026-11-21T01:02:03Z"),
            }
        )
            headers.Add(name, System.Text.Encoding.UTF8.GetBytes(value));
        return new ConsumeResult<byte[], byte[]>
        {
            Topic = "players",
            Message = new Message<byte[], byte[]>
            {
                Key = [(byte)move.Key],
                Headers = headers,
                Value = System.Text.Encoding.UTF8.GetBytes(
                    $$"""{"latitude":{{position % 90}},"longitude":0,"meters":{{move.Meters}}}"""
                ),
            },
        };
    }

    private sealed record Move(int Player, int Key, int Meters, bool IsNew);
}
