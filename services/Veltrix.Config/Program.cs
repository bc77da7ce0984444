using Veltrix.Config.Acts;
using Veltrix.Config.Diagnosing;
using Veltrix.Config.History;
using Veltrix.Config.Nodes;
using Veltrix.Config.Policies;
using Veltrix.Config.Proposals;
using Veltrix.Config.Store;
using Veltrix.Config.Versions;
using Veltrix.Config.Watch;
using Veltrix.Configuration;
using Veltrix.Configuration.History;

var builder = WebApplication.CreateBuilder(args);
builder.AddServiceDefaults();
builder.AddConfigurationStore();
builder.Services.AddSingleton<CurrentVersion>();
builder.Services.AddSingleton<NodeRegistry>();
builder.Services.AddHostedService<FleetWatch>();
builder.Services.AddSingleton<WatcherLimit>();
builder.Services.AddSingleton<VersionFeed>();
builder.Services.AddHostedService(services => services.GetRequiredService<VersionFeed>());
builder.AddDiagnoses();
builder.Services.AddActs();
builder.Services.AddSingleton<ChainState>();
builder.Services.AddScoped<ChainVerifier>();
builder.Services.AddHostedService<VerifyAtStart>();
builder.Services.AddSingleton(TimeProvider.System);
builder.Services.AddHealthChecks().AddCheck<StoreHealthCheck>("configuration").AddCheck<ChainHealthCheck>("history");
builder.Services.AddOptions<WatchOptions>().BindConfiguration(WatchOptions.Section);
builder.Services.AddOptions<FeedOptions>().BindConfiguration(FeedOptions.Section);
builder.Services.ConfigureHttpJsonOptions(options =>
{
    options.SerializerOptions.TypeInfoResolverChain.Insert(0, ConfigurationJson.Default);
    options.SerializerOptions.TypeInfoResolverChain.Insert(1, HistoryJson.Default);
});
builder.Services.AddOpenApi();

var app = builder.Build();
app.MapDefaultEndpoints();
app.MapOpenApi().RequireAuthorization();
app.MapVersions();
app.MapProposals();
app.MapPolicy();
app.MapHistory();
app.MapDiagnoses();
app.MapWatch();
app.MapNodes();
app.Run();
