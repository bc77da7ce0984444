namespace Veltrix.Broker.Groups;

/// <summary>What all groups of a broker share.</summary>
/// <param name="Store">Makes a group's state durable; true once it is.</param>
internal sealed record GroupEnvironment(
    TimeProvider Time,
    TimeSpan InitialRebalanceDelay,
    int MaximumMembers,
    Func<string, byte[], Task<bool>> Store
);
