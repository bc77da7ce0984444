namespace Veltrix.ServiceDefaults.Security;

/// <summary>What a key may do. Names of authorization policies, too: <c>RequireAuthorization(Roles.Ingest)</c>.</summary>
public static class Roles
{
    /// <summary>May send events.</summary>
    public const string Ingest = "ingest";

    /// <summary>May read everything and publish configurations; may also send events.</summary>
    public const string Operator = "operator";

    /// <summary>A node of the platform: may watch the configuration and report.</summary>
    public const string Node = "node";
}
