using System.Net.Sockets;

namespace Aspire.Hosting.ApplicationModel;

/// <summary>An endpoint as the model wants it, and, once a port was found in run mode, where it really is.</summary>
public sealed class EndpointAnnotation : IResourceAnnotation
{
    private readonly TaskCompletionSource<AllocatedEndpoint> _allocated = new(
        TaskCreationOptions.RunContinuationsAsynchronously
    );
    private string? _transport;
    private AllocatedEndpoint? _allocatedEndpoint;

    public EndpointAnnotation(
        ProtocolType protocol,
        string? uriScheme = null,
        string? transport = null,
        string? name = null,
        int? port = null,
        int? targetPort = null,
        bool? isExternal = null,
        bool? isProxied = null
    )
    {
        Protocol = protocol;
        UriScheme = uriScheme ?? protocol.ToString().ToLowerInvariant();
        Name = name ?? UriScheme;
        ModelName.Validate("Endpoint", Name);
        _transport = transport;
        Port = port;
        TargetPort = targetPort;
        IsExternal = isExternal ?? false;
        IsProxied = isProxied ?? true;
    }

    public string Name { get; set; }

    public ProtocolType Protocol { get; set; }

    /// <summary>The public port; null lets the orchestrator choose.</summary>
    public int? Port { get; set; }

    /// <summary>The port on which the process or container listens; null lets the orchestrator choose.</summary>
    public int? TargetPort { get; set; }

    public string TargetHost { get; set; } = "localhost";

    public string UriScheme { get; set; }

    public string Transport
    {
        get => _transport ?? (UriScheme is "http" or "https" ? "http" : Protocol.ToString().ToLowerInvariant());
        set => _transport = value;
    }

    public bool IsExternal { get; set; }

    public bool IsProxied { get; set; }

    public bool TlsEnabled { get; set; }

    public AllocatedEndpoint? AllocatedEndpoint
    {
        get => _allocatedEndpoint;
        set
        {
            _allocatedEndpoint = value;
            if (value is not null)
                _allocated.TrySetResult(value);
        }
    }

    /// <summary>Where the endpoint is, as soon as that is known.</summary>
    internal async ValueTask<AllocatedEndpoint> WaitAllocatedAsync(CancellationToken cancellation) =>
        _allocatedEndpoint ?? await _allocated.Task.WaitAsync(cancellation);
}

public class AllocatedEndpoint(
    EndpointAnnotation endpoint,
    string address,
    int port,
    string? targetPortExpression = null
)
{
    public EndpointAnnotation Endpoint => endpoint;

    public string Address => address;

    public int Port => port;

    public string? TargetPortExpression => targetPortExpression;

    public string UriScheme => endpoint.UriScheme;

    public string EndPointString => $"{address}:{port}";

    public string UriString => $"{UriScheme}://{EndPointString}";

    public override string ToString() => UriString;
}
