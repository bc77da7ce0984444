using Confluent.Kafka;

namespace Veltrix.Conformance.Tests.Clients;

/// <summary>Reading with a limit, so that a broker that gives nothing fails the test instead of holding it up.</summary>
internal static class Consuming
{
    public static List<ConsumeResult<string, string?>> Take(this IConsumer<string, string?> consumer, int count)
    {
        using var limit = new CancellationTokenSource(ConfluentClient.Limit);
        var taken = new List<ConsumeResult<string, string?>>();
        while (taken.Count < count)
            taken.Add(consumer.Consume(limit.Token));
        return taken;
    }

    /// <summary>Polls all of them, so that the group's protocol goes on, until a condition holds.</summary>
    /// <returns>What they read meanwhile.</returns>
    public static List<string?> PollUntil(Func<bool> condition, params IConsumer<string, string?>[] consumers)
    {
        using var limit = new CancellationTokenSource(ConfluentClient.Limit);
        var read = new List<string?>();
        while (!condition())
        {
            limit.Token.ThrowIfCancellationRequested();
            foreach (var consumer in consumers)
            {
                if (consumer.Consume(TimeSpan.FromMilliseconds(10)) is { } record)
                    read.Add(record.Message.Value);
            }
        }
        return read;
    }
}
