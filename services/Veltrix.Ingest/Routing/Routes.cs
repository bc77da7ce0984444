using Veltrix.ServiceDefaults.Configuration;

namespace Veltrix.Ingest.Routing;

/// <summary>The route table of the configuration in force, compiled once per version.</summary>
internal sealed class Routes(IPlatformConfiguration configuration)
{
    private volatile RouteTable? _table;

    /// <summary>Null before the first configuration.</summary>
    public RouteTable? Current
    {
        get
        {
            var first = configuration.WaitAsync(CancellationToken.None);
            if (!first.IsCompletedSuccessfully)
                return null;
            var version = configuration.Current;
            if (_table is { } table && ReferenceEquals(table.Version, version))
                return table;
            return _table = new RouteTable(version);
        }
    }
}
