using MassTransit.Transports;

namespace MassTransit;

/// <summary>The rider of a bus.</summary>
public interface IKafkaRider : IRiderControl;
