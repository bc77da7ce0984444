namespace Veltrix.Configuration.Capacity;

/// <summary>What operators ask first, answered together.</summary>
/// <param name="First">The stage that saturates first, and at what rate.</param>
/// <param name="Stages">Every stage.</param>
/// <param name="DrainSeconds">Seconds that a burst takes to drain; null when it never does.</param>
/// <param name="TwiceTheTraffic">What twice the traffic would need.</param>
/// <param name="BestChange">The one change that helps most; null when no single one does.</param>
public sealed record CapacityAnswers(
    StageCapacity First,
    IReadOnlyList<StageCapacity> Stages,
    double? DrainSeconds,
    CapacityCost TwiceTheTraffic,
    CapacityChange? BestChange
);
