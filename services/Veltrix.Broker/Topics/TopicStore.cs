using System.Collections.Concurrent;
using Veltrix.Broker.Log;
using Veltrix.Broker.Protocol;

namespace Veltrix.Broker.Topics;

/// <summary>All topics. Looking one up takes no lock; changes go one at a time and are durable when they return.</summary>
internal sealed class TopicStore : IDisposable
{
    private readonly Lock _changes = new();
    private readonly ConcurrentDictionary<string, Topic> _byName = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<Guid, Topic> _byId = new();
    private readonly LogEnvironment _environment;
    private readonly TopicCatalogue _catalogue;
    private readonly BrokerOptions _options;
    private readonly string _directory;
    private readonly int _leaderEpoch;

    public TopicStore(LogEnvironment environment, BrokerOptions options, string dataDirectory, int leaderEpoch)
    {
        _environment = environment;
        _options = options;
        _leaderEpoch = leaderEpoch;
        Configuration = new TopicConfiguration(options);
        _directory = Path.Combine(dataDirectory, "topics");
        _catalogue = new TopicCatalogue(environment.Disk, Path.Combine(dataDirectory, "topics.json"));
        Directory.CreateDirectory(_directory);
        RemoveHalfDeleted();
        Open(_catalogue.Load());
    }

    public TopicConfiguration Configuration { get; }

    public IEnumerable<Topic> All => _byName.Values;

    public int Count => _byName.Count;

    public int PartitionCount => _byName.Values.Sum(topic => topic.Partitions.Length);

    public Topic? Find(string name) => _byName.GetValueOrDefault(name);

    public Topic? Find(Guid id) => _byId.GetValueOrDefault(id);

    public PartitionLog? Partition(string topic, int partition) => Find(topic)?.Partition(partition);

    /// <summary>Creates a topic, or only says whether it could be.</summary>
    public (ErrorCode Error, string? Message) Create(
        string name,
        int partitions,
        IReadOnlyDictionary<string, string?> configuration,
        bool validateOnly
    )
    {
        lock (_changes)
        {
            if (!TopicName.IsValid(name))
                return (ErrorCode.InvalidTopic, "A topic name has 1 to 249 letters, digits, '.', '_' and '-'.");
            if (_byName.ContainsKey(name))
                return (ErrorCode.TopicAlreadyExists, $"Topic '{name}' already exists.");
            if (_byName.Keys.Any(other => TopicName.Canonical(other) == TopicName.Canonical(name)))
                return (ErrorCode.InvalidTopic, $"Topic '{name}' differs from another only in '.' and '_'.");
            if (_byName.Count >= _options.MaximumTopics)
                return (ErrorCode.InvalidRequest, $"The broker holds at most {_options.MaximumTopics} topics.");
            if (partitions <= 0)
                return (ErrorCode.InvalidPartitions, "A topic has at least one partition.");
            if (partitions > _options.MaximumPartitions - PartitionCount)
                return (
                    ErrorCode.InvalidPartitions,
                    $"The broker holds at most {_options.MaximumPartitions} partitions."
                );
            if (Configuration.FindError(configuration) is { } mistake)
                return (ErrorCode.InvalidConfig, mistake);
            if (validateOnly)
                return (ErrorCode.None, null);

            var set = new Dictionary<string, string>(StringComparer.Ordinal);
            foreach (var (key, value) in configuration)
            {
                if (value is not null)
                    set[key] = value;
            }
            Add(name, set, partitions);
            return (ErrorCode.None, null);
        }
    }

    public (ErrorCode Error, string? Message) AddPartitions(string name, int count, bool validateOnly)
    {
        lock (_changes)
        {
            if (Find(name) is not { } topic)
                return (ErrorCode.UnknownTopicOrPartition, null);
            var present = topic.Partitions.Length;
            if (count <= present)
                return (ErrorCode.InvalidPartitions, $"Topic '{name}' has {present} partitions already.");
            if (count - present > _options.MaximumPartitions - PartitionCount)
                return (
                    ErrorCode.InvalidPartitions,
                    $"The broker holds at most {_options.MaximumPartitions} partitions."
                );
            if (validateOnly)
                return (ErrorCode.None, null);
            topic.Partitions =
            [
                .. topic.Partitions,
                .. CreatePartitions(name, Configuration.ToLogSettings(topic.Configuration), present, count),
            ];
            _catalogue.Save(All);
            return (ErrorCode.None, null);
        }
    }

    public ErrorCode Delete(Topic topic)
    {
        lock (_changes)
        {
            if (!_byName.TryRemove(topic.Name, out _))
                return ErrorCode.UnknownTopicOrPartition;
            _byId.TryRemove(topic.Id, out _);
            // The catalogue first: a crash between the two leaves files without a topic, never a topic without files.
            _catalogue.Save(All);
            foreach (var partition in topic.Partitions)
                partition.Delete();
            return ErrorCode.None;
        }
    }

    /// <summary>Changes settings of a topic: all of them or none.</summary>
    /// <param name="topic">The topic.</param>
    /// <param name="changes">What to change, each setting once.</param>
    /// <param name="replaceAll">Whether everything else goes back to its default.</param>
    /// <param name="validateOnly">Whether only to say if it could be done.</param>
    public (ErrorCode Error, string? Message) Configure(
        Topic topic,
        IReadOnlyList<SettingChange> changes,
        bool replaceAll,
        bool validateOnly
    )
    {
        lock (_changes)
        {
            var configuration = replaceAll
                ? new Dictionary<string, string>(StringComparer.Ordinal)
                : new Dictionary<string, string>(topic.Configuration, StringComparer.Ordinal);
            foreach (var change in changes)
            {
                if (Configuration.Apply(change, configuration) is { } mistake)
                    return (ErrorCode.InvalidConfig, mistake);
            }
            if (validateOnly)
                return (ErrorCode.None, null);
            topic.Configuration = configuration;
            _catalogue.Save(All);
            var settings = Configuration.ToLogSettings(configuration);
            foreach (var partition in topic.Partitions)
                partition.Configure(settings);
            return (ErrorCode.None, null);
        }
    }

    public void Dispose()
    {
        foreach (var partition in _byName.Values.SelectMany(topic => topic.Partitions))
            partition.Dispose();
    }

    private void Open(IReadOnlyList<TopicCatalogue.Entry> entries)
    {
        // Recovery reads what was written since the last checkpoint; topics side by side use all cores.
        Parallel.ForEach(
            entries,
            entry =>
            {
                var settings = Configuration.ToLogSettings(entry.Configuration);
                Publish(
                    new Topic(
                        entry.Name,
                        entry.Id,
                        entry.Configuration,
                        OpenPartitions(entry.Name, settings, 0, entry.Partitions)
                    )
                );
            }
        );
    }

    private void Add(string name, Dictionary<string, string> configuration, int partitions)
    {
        var opened = CreatePartitions(name, Configuration.ToLogSettings(configuration), 0, partitions);
        var topic = new Topic(name, Guid.NewGuid(), configuration, opened);
        _catalogue.Save([.. All, topic]);
        Publish(topic);
    }

    private void Publish(Topic topic)
    {
        _byName[topic.Name] = topic;
        _byId[topic.Id] = topic;
    }

    private PartitionLog[] CreatePartitions(string name, LogSettings settings, int from, int to)
    {
        // Files of a topic whose creation or removal a crash cut short.
        for (var index = from; index < to; index++)
        {
            if (Directory.Exists(DirectoryOf(name, index)))
                Directory.Delete(DirectoryOf(name, index), recursive: true);
        }
        var created = OpenPartitions(name, settings, from, to);
        _environment.Disk.FlushDirectory(_directory);
        return created;
    }

    private PartitionLog[] OpenPartitions(string name, LogSettings settings, int from, int to)
    {
        var opened = new PartitionLog[to - from];
        for (var index = from; index < to; index++)
            opened[index - from] = new PartitionLog(_environment, DirectoryOf(name, index), settings, _leaderEpoch);
        return opened;
    }

    private string DirectoryOf(string name, int partition) => Path.Combine(_directory, $"{name}-{partition}");

    private void RemoveHalfDeleted()
    {
        foreach (var directory in Directory.GetDirectories(_directory, $"*{PartitionLog.DeletedSuffix}"))
            Directory.Delete(directory, recursive: true);
    }
}
