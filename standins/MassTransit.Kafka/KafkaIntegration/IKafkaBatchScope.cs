using Confluent.Kafka;

namespace MassTransit.KafkaIntegration;

/// <summary>
/// Veltrix's own, no part of the genuine MassTransit.Kafka, therefore internal: whoever registers one takes over the
/// reading of the rider's topic endpoints, so that a polled batch can be one transaction and offsets follow its commit.
/// The genuine rider knows single messages only, commits by count or time, and discards what a handler could not take.
/// </summary>
internal interface IKafkaBatchScope
{
    /// <summary>Reads <paramref name="endpoint"/> until <paramref name="stopping"/>; then lets go of the group.</summary>
    Task RunAsync(KafkaBatchEndpoint endpoint, CancellationToken stopping);
}

/// <summary>An endpoint that is read by a batch scope.</summary>
/// <param name="Topic">What to subscribe to.</param>
/// <param name="ConsumerConfig">How.</param>
/// <param name="DispatchAsync">Sends one record through the endpoint's pipe, with payloads for its context; what a handler throws is thrown.</param>
internal sealed record KafkaBatchEndpoint(
    string Topic,
    ConsumerConfig ConsumerConfig,
    Func<ConsumeResult<byte[], byte[]>, object[], Task> DispatchAsync
);
