using System.Collections.Concurrent;

namespace Veltrix.Processor.Workflows;

/// <summary>Whether the sagas are fed.</summary>
internal sealed class WorkflowHealth
{
    private readonly ConcurrentBag<Func<bool>> _members = [];
    private volatile bool _started;

    /// <summary>Whether the bus has started and every endpoint consumes.</summary>
    public bool IsRunning => _started && _members.All(isRunning => isRunning());

    /// <summary>The bus has started.</summary>
    public void Started() => _started = true;

    /// <summary>Also asks this endpoint.</summary>
    public void Watch(Func<bool> isRunning) => _members.Add(isRunning);
}
