using Aspire.Hosting.ApplicationModel;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace Aspire.Hosting.Orchestration;

/// <summary>One resource of the model while it runs: its processes and where it is reached.</summary>
/// <param name="resource">The resource.</param>
/// <param name="kind">project, server, database or connectionString.</param>
/// <param name="stage">0 depends on nothing; higher stages stop first.</param>
internal sealed class ResourceRun(IResource resource, string kind, int stage)
{
    public IResource Resource => resource;

    public string Name => resource.Name;

    public string Kind => kind;

    public int Stage => stage;

    public List<ReplicaRun> Replicas { get; } = [];

    public List<TcpProxy> Proxies { get; } = [];

    public List<string> Urls { get; } = [];

    public List<string> Warnings { get; } = [];

    /// <summary>With its secrets masked.</summary>
    public string? ConnectionString { get; set; }

    public LocalServer? Server { get; init; }

    /// <summary>The resource whose state is this one's too: a database's server.</summary>
    public ResourceRun? Owner { get; init; }

    /// <summary>Completes when every replica has been healthy; faults when one cannot be started.</summary>
    public Task FirstHealthy =>
        Owner?.FirstHealthy ?? Task.WhenAll(Replicas.Select(replica => replica.Process.FirstHealthy));

    public string State =>
        Owner?.State
        ?? (
            Replicas.Count == 0 || Replicas.Exists(replica => replica.Process.State == KnownResourceStates.Running)
                ? KnownResourceStates.Running
                : Replicas[0].Process.State
        );

    /// <summary>Degraded when some replicas are healthy and some are not; null while nothing is known.</summary>
    public HealthStatus? Health
    {
        get
        {
            if (Owner is not null)
                return Owner.Health;
            if (Replicas.TrueForAll(replica => replica.Process.IsHealthy is true))
                return HealthStatus.Healthy;
            if (Replicas.TrueForAll(replica => replica.Process.IsHealthy is null))
                return null;
            return Replicas.Exists(replica => replica.Process.IsHealthy is true)
                ? HealthStatus.Degraded
                : HealthStatus.Unhealthy;
        }
    }

    /// <summary>Ports to send a connection to: of the healthy replicas, or, when there is none, of all that run.</summary>
    public IReadOnlyList<int> Targets(string endpoint)
    {
        var healthy = Ports(replica => replica.Process.IsHealthy is true);
        return healthy.Count > 0 ? healthy : Ports(_ => true);

        List<int> Ports(Predicate<ReplicaRun> wanted) =>
            [
                .. Replicas
                    .Where(replica => replica.Process.State == KnownResourceStates.Running && wanted(replica))
                    .Select(replica => replica.Ports.GetValueOrDefault(endpoint))
                    .Where(port => port != 0),
            ];
    }
}

/// <summary>One process of a resource. <see cref="Ports"/> (by endpoint) is replaced as a whole at each start.</summary>
internal sealed class ReplicaRun(SupervisedProcess process)
{
    public SupervisedProcess Process => process;

    public IReadOnlyDictionary<string, int> Ports { get; set; } = new Dictionary<string, int>();

    public string? Url { get; set; }
}
