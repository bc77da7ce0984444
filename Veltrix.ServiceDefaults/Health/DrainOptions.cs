namespace Veltrix.ServiceDefaults.Health;

/// <summary>How a node shuts down; configuration section <c>Drain</c>.</summary>
public sealed class DrainOptions
{
    /// <summary>Name of the configuration section.</summary>
    public const string Section = "Drain";

    /// <summary>
    /// For how many seconds the node keeps its listener open after readiness fell. 0 where nobody balances load by
    /// readiness; on Kubernetes as long as an endpoint takes to leave the services, some 5 seconds.
    /// </summary>
    public double NoticeSeconds { get; set; }

    /// <summary>For how many seconds requests and background work may then finish. Default 5.</summary>
    public double TimeoutSeconds { get; set; } = 5;
}
