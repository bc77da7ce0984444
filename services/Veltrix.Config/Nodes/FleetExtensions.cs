namespace Veltrix.Config.Nodes;

internal static class FleetExtensions
{
    public static void AddFleet(this IServiceCollection services)
    {
        services.AddOptions<FleetOptions>().BindConfiguration(FleetOptions.Section);
        services.AddSingleton<FleetClock>();
        services.AddSingleton<MinuteQueue>();
        services.AddSingleton<NodeRegistry>();
        services.AddScoped<FleetStore>();
        services.AddScoped<MinuteStore>();
        services.AddHostedService<FleetWatch>();
        services.AddSingleton<FleetShare>();
        services.AddHostedService(provider => provider.GetRequiredService<FleetShare>());
        services.AddSingleton<MinuteWriter>();
        services.AddHostedService(provider => provider.GetRequiredService<MinuteWriter>());
    }
}
