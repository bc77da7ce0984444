namespace Veltrix.Admin.Clients;

/// <summary>The key that requests to the services carry: its name is the author of what they do.</summary>
internal interface IRequestKey
{
    /// <summary>The key; null when there is none, or no longer.</summary>
    Task<string?> FindAsync();
}
