namespace Veltrix.Broker.Log;

/// <summary>Names a partition for good: a topic that is created again has another id.</summary>
internal readonly record struct PartitionId(Guid Topic, int Index);
