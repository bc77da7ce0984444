namespace Veltrix.Processor.Workflows;

/// <summary>An event of a hunt, as the saga takes it: the CloudEvent's attributes with its data.</summary>
/// <param name="HuntId">The subject.</param>
/// <param name="Source">Who made the event.</param>
/// <param name="EventId">Its id within the source.</param>
/// <param name="Type">The CloudEvents type.</param>
/// <param name="At">When it happened, UTC.</param>
public abstract record HuntEvent(string HuntId, string Source, string EventId, string Type, DateTimeOffset At)
{
    /// <summary>Correlates the saga's instance.</summary>
    public Guid CorrelationId { get; } = HuntIds.Correlation(HuntId);

    /// <summary>Who did it, where somebody did.</summary>
    public virtual string? PlayerOrNull => null;
}

/// <summary>A hunt begins.</summary>
public sealed record HuntBegan(
    string HuntId,
    string Source,
    string EventId,
    string Type,
    DateTimeOffset At,
    string Name,
    int Clues
) : HuntEvent(HuntId, Source, EventId, Type, At);

/// <summary>A player found a clue.</summary>
public sealed record HuntClueFound(
    string HuntId,
    string Source,
    string EventId,
    string Type,
    DateTimeOffset At,
    string Player,
    int Clue
) : HuntEvent(HuntId, Source, EventId, Type, At)
{
    /// <inheritdoc/>
    public override string? PlayerOrNull => Player;
}

/// <summary>A player claimed the treasure.</summary>
public sealed record HuntTreasureClaimed(
    string HuntId,
    string Source,
    string EventId,
    string Type,
    DateTimeOffset At,
    string Player,
    int Points
) : HuntEvent(HuntId, Source, EventId, Type, At)
{
    /// <inheritdoc/>
    public override string? PlayerOrNull => Player;
}

/// <summary>A hunt was given up.</summary>
public sealed record HuntGivenUp(
    string HuntId,
    string Source,
    string EventId,
    string Type,
    DateTimeOffset At,
    string Reason
) : HuntEvent(HuntId, Source, EventId, Type, At);

/// <summary>An event of another type on the same topic; no saga takes it.</summary>
public sealed record NoHuntEvent(string HuntId, string Source, string EventId, string Type, DateTimeOffset At)
    : HuntEvent(HuntId, Source, EventId, Type, At);
