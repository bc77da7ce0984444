using System.Collections;
using MassTransit;

namespace Veltrix.Processor.Workflows;

/// <summary>One hunt, as the saga keeps it; a row of the table hunts.</summary>
/// <remarks>Values only change by assignment, never inside, so that <see cref="Copy"/> is a snapshot.</remarks>
public sealed class HuntState : SagaStateMachineInstance
{
    /// <inheritdoc/>
    public Guid CorrelationId { get; set; }

    /// <summary>The subject of its events.</summary>
    public string HuntId { get; set; } = "";

    /// <summary>Name of a state of <see cref="HuntStateMachine"/>.</summary>
    public string CurrentState { get; set; } = "";

    /// <summary>Grows by one with each write; a write that finds another number starts over.</summary>
    public int Version { get; set; }

    /// <summary>How many events it took.</summary>
    public long EventsApplied { get; set; }

    /// <summary>What it is called.</summary>
    public string Name { get; set; } = "";

    /// <summary>How many clues lead to the treasure.</summary>
    public int Clues { get; set; }

    /// <summary>Which clues were found, one bit each.</summary>
    public byte[] Found { get; set; } = [];

    /// <summary>How many different clues were found.</summary>
    public int CluesFound { get; set; }

    /// <summary>When it began.</summary>
    public DateTimeOffset StartedAt { get; set; }

    /// <summary>When it last took an event.</summary>
    public DateTimeOffset UpdatedAt { get; set; }

    /// <summary>When it ended; null while it goes on.</summary>
    public DateTimeOffset? EndedAt { get; set; }

    /// <summary>When it times out if it goes on until then.</summary>
    public DateTimeOffset DeadlineAt { get; set; }

    /// <summary>Notes that the clue with this number was found, whoever found it before.</summary>
    public void Find(int clue)
    {
        var found = new BitArray(Found) { Length = Math.Max(Found.Length * 8, clue) };
        if (found[clue - 1])
            return;
        found[clue - 1] = true;
        var bytes = new byte[(found.Length + 7) / 8];
        found.CopyTo(bytes, 0);
        Found = bytes;
        CluesFound++;
    }

    /// <summary>A snapshot.</summary>
    public HuntState Copy() => (HuntState)MemberwiseClone();
}
