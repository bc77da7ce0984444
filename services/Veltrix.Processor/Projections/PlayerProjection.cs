using Veltrix.Events;
using Veltrix.Events.ReferenceWorkload;
using Veltrix.Processor.Consuming;
using Veltrix.Processor.Leaderboard;

namespace Veltrix.Processor.Projections;

/// <summary>Where players are and how far they went: the table players, and through it the leaderboard.</summary>
internal sealed class PlayerProjection(LeaderboardWriter leaderboard) : IProjection
{
    public string EventType => WorkloadEventTypes.PlayerMoved;

    public string Effects => "SELECT sum(moves) FROM players WHERE starts_with(player, $1)";

    public object Decode(in EventRecord record)
    {
        EventData.Subject(record);
        var moved = EventData.Read(record, WorkloadJson.Default.PlayerMoved);
        // Written so that a NaN, were the reader ever to allow it, fails too.
        if (!(moved.Latitude is >= -90 and <= 90))
            throw new UnusableEventException("latitude is not between -90 and 90 degrees.");
        if (!(moved.Longitude is >= -180 and <= 180))
            throw new UnusableEventException("longitude is not between -180 and 180 degrees.");
        if (moved.Meters < 0)
            throw new UnusableEventException("meters is negative.");
        return moved;
    }

    public IFold CreateFold() => new PlayerFold(leaderboard);
}
