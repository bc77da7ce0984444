using Veltrix.Config.Nodes;
using Veltrix.Config.Store;
using Veltrix.Config.Versions;
using Veltrix.Config.Watch;
using Veltrix.Configuration;

var builder = WebApplication.CreateBuilder(args);
builder.AddServiceDefaults();
builder.AddConfigurationStore();
builder.Services.AddSingleton<CurrentVersion>();
builder.Services.AddSingleton<NodeRegistry>();
builder.Services.AddHostedService<FleetWatch>();
builder.Services.AddSingleton<WatcherLimit>();
builder.Services.AddSingleton<VersionFeed>();
builder.Services.AddHostedService(services => services.GetRequiredService<VersionFeed>());
builder.Services.AddSingleton(TimeProvider.System);
builder.Services.AddHealthChecks().AddCheck<StoreHealthCheck>("configuration");
builder.Services.AddOptions<WatchOptions>().BindConfiguration(WatchOptions.Section);
builder.Services.ConfigureHttpJsonOptions(options =>
    options.SerializerOptions.TypeInfoResolverChain.Insert(0, ConfigurationJson.Default)
);
builder.Services.AddOpenApi();

var app = builder.Build();
app.MapDefaultEndpoints();
app.MapOpenApi().RequireAuthorization();
app.MapVersions();
app.MapWatch();
app.MapNodes();
app.Run();
