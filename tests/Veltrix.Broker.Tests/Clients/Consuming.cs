using Confluent.Kafka;

namespace Veltrix.Broker.Tests.Clients;

/// <summary>Reading with a limit, so that a broker that gives nothing fails the test instead of holding it up.</summary>
internal static class Consuming
{
    public static readonly TimeSpan Limit = TimeSpan.FromSeconds(60);

    public static List<ConsumeResult<string, string>> Take(this IConsumer<string, string> consumer, int count)
    {
        using var limit = new CancellationTokenSource(Limit);
        var taken = new List<ConsumeResult<string, string>>();
        while (taken.Count < count)
        {
            var result = consumer.Consume(limit.Token);
            if (!result.IsPartitionEOF)
                taken.Add(result);
        }
        return taken;
    }

    /// <summary>Polls, so that the group's protocol goes on, until a condition holds.</summary>
    public static void PollUntil(Func<bool> condition, params IConsumer<string, string>[] consumers)
    {
        using var limit = new CancellationTokenSource(Limit);
        while (!condition())
        {
            limit.Token.ThrowIfCancellationRequested();
            foreach (var consumer in consumers)
                consumer.Consume(TimeSpan.FromMilliseconds(20));
        }
    }
}
