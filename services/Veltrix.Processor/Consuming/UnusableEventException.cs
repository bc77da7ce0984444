using Veltrix.Events;

namespace Veltrix.Processor.Consuming;

/// <summary>An event that can never be handled, however often it is tried; it goes to the dead letters.</summary>
internal sealed class UnusableEventException(EventFault fault, Exception? inner = null) : Exception(fault.Detail, inner)
{
    public UnusableEventException(string detail, Exception? inner = null)
        : this(new EventFault(ErrorCatalogue.UnusableData, detail), inner) { }

    /// <summary>What is wrong with it.</summary>
    public EventFault Fault => fault;
}
