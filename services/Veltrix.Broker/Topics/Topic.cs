using Veltrix.Broker.Log;

namespace Veltrix.Broker.Topics;

/// <summary>A topic: its name, its id (a new one when created again), its own configuration, its partitions.</summary>
internal sealed class Topic(
    string name,
    Guid id,
    IReadOnlyDictionary<string, string> configuration,
    PartitionLog[] partitions
)
{
    private volatile IReadOnlyDictionary<string, string> _configuration = configuration;
    private volatile PartitionLog[] _partitions = partitions;

    public string Name => name;

    public Guid Id => id;

    /// <summary>What was set for this topic; the broker's defaults are not in it.</summary>
    public IReadOnlyDictionary<string, string> Configuration
    {
        get => _configuration;
        set => _configuration = value;
    }

    public PartitionLog[] Partitions
    {
        get => _partitions;
        set => _partitions = value;
    }

    public PartitionLog? Partition(int index)
    {
        var all = _partitions;
        return (uint)index < (uint)all.Length ? all[index] : null;
    }
}
