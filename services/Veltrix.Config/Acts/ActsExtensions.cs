namespace Veltrix.Config.Acts;

internal static class ActsExtensions
{
    public static void AddActs(this IServiceCollection services)
    {
        services.AddSingleton<ProposalCheck>();
        services.AddSingleton<PublicationGate>();
        services.AddSingleton<VersionWriter>();
        services.AddScoped<ActTransaction>();
        services.AddScoped<VersionActs>();
        services.AddScoped<ProposalActs>();
        services.AddScoped<PolicyActs>();
    }
}
