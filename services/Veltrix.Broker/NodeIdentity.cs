using System.Text.Json;
using Veltrix.Broker.Log;

namespace Veltrix.Broker;

/// <summary>What the node keeps about itself: the cluster's id, how often it has started, the producer ids given away.</summary>
internal sealed partial class NodeIdentity
{
    private readonly Disk _disk;
    private readonly ILogger _logger;
    private readonly string _path;
    private readonly Lock _gate = new();
    private Content _content;

    /// <summary>Of the data directory. It grows when an older broker could no longer read what a newer one writes.</summary>
    private const int Format = 1;

    private sealed record Content(string ClusterId, int LeaderEpoch, long NextProducerId, int Format = Format);

    public NodeIdentity(Disk disk, ILogger logger, string path)
    {
        _disk = disk;
        _logger = logger;
        _path = path;
        _content = File.Exists(path)
            ? JsonSerializer.Deserialize<Content>(File.ReadAllBytes(path), JsonSerializerOptions.Web)!
            : new Content(NewClusterId(), LeaderEpoch: -1, NextProducerId: 1000);
        if (_content.Format > Format)
            throw new BrokerStartException(
                $"{path} says format {_content.Format}, and this broker reads up to {Format}: a newer one wrote the data directory. Start that one, or set Broker:DataDirectory."
            );
        BeginEpoch();
        ProducerIds = new ProducerIds(_content.NextProducerId, TryReserve);
    }

    public string ClusterId => _content.ClusterId;

    public int LeaderEpoch => _content.LeaderEpoch;

    public ProducerIds ProducerIds { get; }

    /// <summary>A new epoch for every start lets clients find out that a log was truncated meanwhile.</summary>
    private void BeginEpoch()
    {
        try
        {
            Change(content => content with { LeaderEpoch = content.LeaderEpoch + 1 });
        }
        catch (IOException error)
        {
            throw new BrokerStartException($"{_path} cannot be written: {error.Message}", error);
        }
    }

    private bool TryReserve(long nextProducerId)
    {
        try
        {
            Change(content => content with { NextProducerId = nextProducerId });
            return true;
        }
        catch (IOException error)
        {
            Log.NotReserved(_logger, error);
            return false;
        }
    }

    private void Change(Func<Content, Content> change)
    {
        lock (_gate)
        {
            var changed = change(_content);
            _disk.Replace(_path, JsonSerializer.SerializeToUtf8Bytes(changed, JsonSerializerOptions.Web));
            _content = changed;
        }
    }

    /// <summary>22 letters, as Kafka's own: a random UUID in URL-safe base 64.</summary>
    private static string NewClusterId() =>
        Convert.ToBase64String(Guid.NewGuid().ToByteArray()).TrimEnd('=').Replace('+', '-').Replace('/', '_');

    private static partial class Log
    {
        [LoggerMessage(LogLevel.Error, "No more producer ids could be reserved; the producer is told to try again")]
        public static partial void NotReserved(ILogger logger, Exception error);
    }
}
