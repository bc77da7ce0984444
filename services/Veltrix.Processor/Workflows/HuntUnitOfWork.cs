using Npgsql;

namespace Veltrix.Processor.Workflows;

/// <summary>
/// The hunts that one transaction works on: each instance exists once, however many events of the batch it takes, and
/// is written once, with one step of its version.
/// </summary>
internal sealed class HuntUnitOfWork
{
    private readonly Dictionary<Guid, HuntState> _hunts = [];
    private readonly HashSet<Guid> _added = [];
    private readonly HashSet<Guid> _changed = [];
    private readonly List<HuntHistoryEntry> _history = [];
    private Before? _before;

    /// <summary>Takes an instance that the database has.</summary>
    public void Loaded(HuntState hunt) => _hunts.Add(hunt.CorrelationId, hunt);

    /// <summary>The instance, or null when there is none.</summary>
    public HuntState? Find(Guid correlationId) => _hunts.GetValueOrDefault(correlationId);

    /// <summary>Remembers the instance as it is before <paramref name="message"/>.</summary>
    public void Begin(HuntEvent message)
    {
        var hunt = Find(message.CorrelationId);
        _before = new Before(
            message,
            hunt?.Copy(),
            _added.Contains(message.CorrelationId),
            _changed.Contains(message.CorrelationId),
            _history.Count
        );
    }

    /// <summary>Puts the instance back to where it was; the others of the batch are untouched.</summary>
    public void Undo()
    {
        var (message, hunt, wasAdded, wasChanged, entries) = _before!;
        var id = message.CorrelationId;
        if (hunt is null)
            _hunts.Remove(id);
        else
            _hunts[id] = hunt;
        if (!wasAdded)
            _added.Remove(id);
        if (!wasChanged)
            _changed.Remove(id);
        _history.RemoveRange(entries, _history.Count - entries);
    }

    /// <summary>A new instance took its first event.</summary>
    public void Add(HuntState hunt)
    {
        _hunts[hunt.CorrelationId] = hunt;
        _added.Add(hunt.CorrelationId);
        Took(hunt);
    }

    /// <summary>An instance took an event.</summary>
    public void Update(HuntState hunt)
    {
        if (!_added.Contains(hunt.CorrelationId))
            _changed.Add(hunt.CorrelationId);
        Took(hunt);
    }

    /// <summary>Adds the statements that write everything.</summary>
    public void Write(NpgsqlBatch batch)
    {
        if (_added.Count > 0)
            batch.BatchCommands.Add(HuntTable.Insert(Sorted(_added)));
        if (_changed.Count > 0)
            batch.BatchCommands.Add(HuntTable.Update(Sorted(_changed)));
        if (_history.Count > 0)
            batch.BatchCommands.Add(HuntTable.InsertHistory(_history));
    }

    private void Took(HuntState hunt)
    {
        var message = _before!.Message;
        hunt.EventsApplied++;
        hunt.UpdatedAt = message.At;
        _history.Add(
            new HuntHistoryEntry(
                hunt.CorrelationId,
                message.At,
                message.Type,
                message.PlayerOrNull,
                _before.Hunt?.CurrentState ?? HuntHistoryEntry.BeforeTheStart,
                hunt.CurrentState,
                message.EventId
            )
        );
    }

    private List<HuntState> Sorted(HashSet<Guid> ids) =>
        [.. ids.Select(id => _hunts[id]).OrderBy(hunt => hunt.CorrelationId)];

    private sealed record Before(HuntEvent Message, HuntState? Hunt, bool WasAdded, bool WasChanged, int Entries);
}

/// <summary>One line of a hunt's history.</summary>
internal sealed record HuntHistoryEntry(
    Guid CorrelationId,
    DateTimeOffset At,
    string Event,
    string? Player,
    string FromState,
    string ToState,
    string? EventId
)
{
    /// <summary>MassTransit's name for the state of an instance that does not exist yet.</summary>
    public const string BeforeTheStart = "Initial";
}
