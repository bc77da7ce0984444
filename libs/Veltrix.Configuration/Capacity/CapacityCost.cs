namespace Veltrix.Configuration.Capacity;

/// <summary>What a multiple of the traffic needs.</summary>
/// <param name="EventsPerSecond">The mean rate that was asked for, events per second.</param>
/// <param name="IngestNodes">Ingest nodes that carry its bursts in requests as large as now, none busier than 70 %.</param>
/// <param name="ProcessorNodes">Processor nodes that carry its mean, none busier than 70 %; null when the database, the busiest key or the partitions forbid it.</param>
/// <param name="KeptBytes">Bytes of all records that are kept, one copy.</param>
public sealed record CapacityCost(double EventsPerSecond, int IngestNodes, int? ProcessorNodes, double KeptBytes);
