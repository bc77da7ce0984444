namespace Veltrix.Admin.Clients;

/// <summary>Clients with the site's own key. Made anew for each read: the factory then rotates their connections.</summary>
internal sealed class SiteClients(IHttpClientFactory factory, SiteKey key)
{
    public ConfigClient Config() => new(factory.CreateClient(nameof(ConfigClient)), key);

    public ProposalClient Proposals() => new(factory.CreateClient(nameof(ProposalClient)), key);

    public RolloutClient Rollouts() => new(factory.CreateClient(nameof(RolloutClient)), key);

    public PolicyClient Policy() => new(factory.CreateClient(nameof(PolicyClient)), key);

    public ProcessorClient Processor() => new(factory.CreateClient(nameof(ProcessorClient)), key);
}
