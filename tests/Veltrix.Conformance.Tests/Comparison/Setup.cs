using Veltrix.Conformance.Tests.Wire;
using Veltrix.Testing;

namespace Veltrix.Conformance.Tests.Comparison;

/// <summary>What scenarios begin with, before they note anything.</summary>
internal static class Setup
{
    /// <summary>A topic that is there, everywhere.</summary>
    public static async Task<string> TopicAsync(
        this Dialogue dialogue,
        string name,
        int partitions = 1,
        params (string Name, string Value)[] settings
    ) => await (await dialogue.ClientAsync()).CreateTopicAsync(dialogue.Unique(name), partitions, settings);

    /// <summary>A group whose coordinator answers.</summary>
    public static async Task<string> GroupAsync(this Dialogue dialogue, string name)
    {
        var group = dialogue.Unique(name);
        var client = await dialogue.ClientAsync();
        await client.FindCoordinatorAsync(group);
        await Eventually.HoldsAsync(async () => await client.HeartbeatAsync(group, 0, "nobody") == 25);
        return group;
    }

    /// <summary>Appends records one batch each, and waits until they can be read.</summary>
    public static async Task AppendAsync(this Dialogue dialogue, string topic, params string[] values)
    {
        var client = await dialogue.ClientAsync();
        foreach (var value in values)
        {
            // The leader of a new partition may need a moment.
            await Eventually.HoldsAsync(async () =>
                (await client.ProduceAsync(topic, WireBatch.Create([value]))).Error == 0
            );
        }
    }
}
