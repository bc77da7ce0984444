namespace Veltrix.Admin.Clients;

/// <summary>The site's own key, for what it reads in the background for everybody. Nothing is done with it in anybody's name.</summary>
internal sealed class SiteKey(IConfiguration configuration) : IRequestKey
{
    public Task<string?> FindAsync() => Task.FromResult(configuration["Keys:Operator"]);
}
