using Npgsql;
using Veltrix.Events;
using Veltrix.Processor.Consuming;

namespace Veltrix.Processor.Projections;

/// <summary>A read model that events change.</summary>
internal interface IProjection
{
    /// <summary>The type of the events that change it; a trailing <c>.*</c> means every type with that prefix.</summary>
    string EventType { get; }

    /// <summary>
    /// A query of one number: how many events changed the model's rows whose subject starts with <c>$1</c>. Each event counts
    /// as often as it had its effect, so that a duplicate shows.
    /// </summary>
    string Effects { get; }

    /// <summary>Reads what the change needs. Runs on several workers at once.</summary>
    /// <exception cref="UnusableEventException">The event does not have it.</exception>
    object Decode(in EventRecord record);

    /// <summary>An empty sum of changes.</summary>
    IFold CreateFold();
}

/// <summary>
/// Sums up what the new events of one batch change. Each worker fills one of its own; merging those gives the same as
/// one fold over all events in their order.
/// </summary>
internal interface IFold
{
    /// <summary>Adds one event.</summary>
    /// <param name="record">The event.</param>
    /// <param name="data">What <see cref="IProjection.Decode"/> made of it.</param>
    /// <param name="position">Its place in the order of arrival.</param>
    void Add(in EventRecord record, object data, int position);

    /// <summary>Adds what another worker summed up.</summary>
    void Merge(IFold other);

    /// <summary>Adds the statement that writes the sum, rows sorted by key so that two nodes never lock each other out.</summary>
    /// <returns>Whether the statement returns rows, for <see cref="Read"/>.</returns>
    bool Write(NpgsqlBatch batch);

    /// <summary>Takes one row that the statement returned.</summary>
    void Read(NpgsqlDataReader row);

    /// <summary>Called after the commit.</summary>
    void Committed();
}
