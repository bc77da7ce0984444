namespace Veltrix.Broker.Protocol;

/// <summary>A request that cannot be read; its connection is closed, as Kafka does.</summary>
internal sealed class MalformedRequestException(string message) : Exception(message);
