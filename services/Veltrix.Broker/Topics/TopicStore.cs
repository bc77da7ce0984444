using System.Collections.Concurrent;
using Veltrix.Broker.Log;
using Veltrix.Broker.Protocol;

namespace Veltrix.Broker.Topics;

/// <summary>
/// All topics. Looking one up takes no lock; changes go one at a time, and are durable before anybody sees them. What the
/// disk refuses did not happen.
/// </summary>
internal sealed partial class TopicStore : IDisposable
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
        WarnOfStrays();
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
            return Try(() => Add(name, set, partitions));
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
            return Try(() => Grow(topic, count));
        }
    }

    public ErrorCode Delete(Topic topic)
    {
        lock (_changes)
        {
            if (Find(topic.Name) != topic)
                return ErrorCode.UnknownTopicOrPartition;
            // The catalogue first: a crash between the two leaves files without a topic, never a topic without files.
            var (error, _) = Try(() =>
                _catalogue.Save(All.Where(other => other != topic).Select(TopicCatalogue.ToEntry))
            );
            if (error != ErrorCode.None)
                return error;
            _byName.TryRemove(topic.Name, out _);
            _byId.TryRemove(topic.Id, out _);
            RemoveFiles(topic);
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
            return Try(() =>
            {
                Save(TopicCatalogue.ToEntry(topic) with { Configuration = configuration });
                topic.Configuration = configuration;
                var settings = Configuration.ToLogSettings(configuration);
                foreach (var partition in topic.Partitions)
                    partition.Configure(settings);
            });
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

    private (ErrorCode Error, string? Message) Try(Action change)
    {
        try
        {
            change();
            return (ErrorCode.None, null);
        }
        catch (IOException error)
        {
            Log.Refused(_environment.Logger, error);
            return (ErrorCode.KafkaStorageError, $"The disk refused the change: {error.Message}");
        }
    }

    private void Add(string name, Dictionary<string, string> configuration, int partitions)
    {
        var entry = new TopicCatalogue.Entry(name, Guid.NewGuid(), partitions, configuration);
        Publish(new Topic(name, entry.Id, configuration, CreatePartitions(entry, present: 0)));
    }

    private void Grow(Topic topic, int count)
    {
        var entry = TopicCatalogue.ToEntry(topic) with { Partitions = count };
        topic.Partitions = [.. topic.Partitions, .. CreatePartitions(entry, topic.Partitions.Length)];
    }

    /// <summary>Writes the catalogue with an entry for a topic that is new, or about to change.</summary>
    private void Save(TopicCatalogue.Entry entry) =>
        _catalogue.Save([.. All.Where(topic => topic.Name != entry.Name).Select(TopicCatalogue.ToEntry), entry]);

    /// <summary>All names first, which is a matter of microseconds: what a crash leaves behind them, the next start removes.</summary>
    private void RemoveFiles(Topic topic)
    {
        try
        {
            var doomed = topic.Partitions.Select(partition => partition.Doom()).ToList();
            _environment.Disk.FlushDirectory(_directory);
            foreach (var directory in doomed)
                Directory.Delete(directory, recursive: true);
        }
        catch (IOException error)
        {
            Log.NotRemoved(_environment.Logger, error, topic.Name);
        }
    }

    private void Publish(Topic topic)
    {
        _byName[topic.Name] = topic;
        _byId[topic.Id] = topic;
    }

    /// <summary>Makes the partitions that a topic has too few, and then its entry durable. Nothing of it stays when the disk refuses.</summary>
    private PartitionLog[] CreatePartitions(TopicCatalogue.Entry entry, int present)
    {
        // What a crash left of a topic of this name.
        RemoveDirectories(entry, present);
        PartitionLog[] created = [];
        try
        {
            var settings = Configuration.ToLogSettings(entry.Configuration);
            created = OpenPartitions(entry.Name, settings, present, entry.Partitions);
            _environment.Disk.FlushDirectory(_directory);
            Save(entry);
            return created;
        }
        catch (IOException)
        {
            foreach (var partition in created)
                partition.Dispose();
            RemoveDirectories(entry, present);
            throw;
        }
    }

    private void RemoveDirectories(TopicCatalogue.Entry entry, int present)
    {
        for (var index = present; index < entry.Partitions; index++)
        {
            if (Directory.Exists(DirectoryOf(entry.Name, index)))
                Directory.Delete(DirectoryOf(entry.Name, index), recursive: true);
        }
    }

    private PartitionLog[] OpenPartitions(string name, LogSettings settings, int from, int to)
    {
        var opened = new List<PartitionLog>(to - from);
        try
        {
            for (var index = from; index < to; index++)
                opened.Add(new PartitionLog(_environment, DirectoryOf(name, index), settings, _leaderEpoch));
            return [.. opened];
        }
        catch (IOException)
        {
            opened.ForEach(partition => partition.Dispose());
            throw;
        }
    }

    private string DirectoryOf(string name, int partition) => Path.Combine(_directory, $"{name}-{partition}");

    private void RemoveHalfDeleted()
    {
        foreach (var directory in Directory.GetDirectories(_directory, $"*{PartitionLog.DeletedSuffix}"))
            Directory.Delete(directory, recursive: true);
    }

    /// <summary>Only a crash in the middle of a topic's creation or removal leaves such. Not removed: who knows why they are there.</summary>
    private void WarnOfStrays()
    {
        var known = All.SelectMany(topic =>
            Enumerable.Range(0, topic.Partitions.Length).Select(index => DirectoryOf(topic.Name, index))
        );
        foreach (var stray in Directory.GetDirectories(_directory).Except(known, StringComparer.Ordinal))
            Log.Stray(_environment.Logger, stray);
    }

    private static partial class Log
    {
        [LoggerMessage(LogLevel.Warning, "{Directory} belongs to no topic; it is left alone and can be removed")]
        public static partial void Stray(ILogger logger, string directory);

        [LoggerMessage(LogLevel.Error, "A change of the topics could not be written; it did not happen")]
        public static partial void Refused(ILogger logger, Exception error);

        [LoggerMessage(LogLevel.Error, "Files of the deleted topic {Topic} could not be removed")]
        public static partial void NotRemoved(ILogger logger, Exception error, string topic);
    }
}
