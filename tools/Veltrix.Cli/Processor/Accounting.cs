namespace Veltrix.Cli.Processor;

/// <summary>What the processor says about one source.</summary>
/// <param name="Handled">Distinct events with a committed effect.</param>
/// <param name="Effects">Effects that the projections and sagas themselves hold.</param>
internal sealed record Accounting(long Handled, long Effects);

/// <summary>One handled event.</summary>
/// <param name="Id">Its id.</param>
/// <param name="CommittedAtMicroseconds">When its effect was committed, microseconds since 1970; null while that is not written yet.</param>
internal readonly record struct HandledEvent(string Id, long? CommittedAtMicroseconds);

/// <summary>A hunt as the processor knows it.</summary>
internal sealed record HuntState(string HuntId, string State);
