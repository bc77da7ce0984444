namespace Veltrix.Broker.Log;

/// <summary>The timestamps of a batch's records, in milliseconds since 1970.</summary>
/// <param name="Earliest">The first, without records that have none; <see cref="long.MaxValue"/> when all have none.</param>
/// <param name="Latest">The last; -1 when all have none.</param>
internal readonly record struct TimestampRange(long Earliest, long Latest);
