using Aspire.Hosting.ApplicationModel;

namespace Aspire.Hosting.Orchestration;

/// <summary>Runs a server that is a container in the model as a process of this machine.</summary>
internal abstract class LocalServer : IResourceAnnotation
{
    /// <summary>The port that the server takes when it is free; fixed, so that addresses stay the same between runs.</summary>
    public abstract int DefaultPort { get; }

    /// <summary>What the table names below itself, e.g. where the data lies; known after <see cref="PrepareAsync"/>.</summary>
    public string? DataLocation { get; protected set; }

    /// <summary>Where the server answers HTTP about itself (/health, /metrics); null when it does not.</summary>
    public string? HttpUrl { get; protected set; }

    /// <summary>Finds the program, prepares the data, and says what to start. Called again before each restart.</summary>
    /// <exception cref="DistributedApplicationException">A prerequisite is missing; the message says what to type.</exception>
    public abstract Task<ProcessSpecification> PrepareAsync(LocalServerContext context, CancellationToken cancellation);

    /// <summary>Whether the server answers in its own protocol, with its password.</summary>
    public abstract Task<bool> ProbeAsync(LocalServerContext context, CancellationToken cancellation);

    /// <summary>Completes what needs a running server (databases), each time that it became healthy.</summary>
    public virtual Task CompleteAsync(LocalServerContext context, CancellationToken cancellation) => Task.CompletedTask;
}
