namespace Veltrix.Configuration;

/// <summary>How full a node's buffers were at their fullest since its last report.</summary>
/// <param name="Bytes">Bytes held: between the request and Kafka's acknowledgement (ingest), polled and not yet committed (processor).</param>
/// <param name="Fraction">The same as a share of the bytes that the configuration allows, 0 to 1; more for a moment after the limit was lowered.</param>
public sealed record QueueOccupancy(long Bytes, double Fraction);
