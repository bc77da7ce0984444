namespace Veltrix.Admin.Live;

/// <summary>The shared pollers.</summary>
internal static class LiveExtensions
{
    public static void AddLive(this WebApplicationBuilder builder)
    {
        builder.Services.AddSingleton<LiveData>();
        builder.Services.AddHostedService(services => services.GetRequiredService<LiveData>());
    }
}
