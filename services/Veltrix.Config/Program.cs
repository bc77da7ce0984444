using Veltrix.Config.Acts;
using Veltrix.Config.Diagnosing;
using Veltrix.Config.History;
using Veltrix.Config.Nodes;
using Veltrix.Config.Policies;
using Veltrix.Config.Proposals;
using Veltrix.Config.Rollouts;
using Veltrix.Config.Store;
using Veltrix.Config.Versions;
using Veltrix.Config.Watch;
using Veltrix.Configuration;
using Veltrix.Configuration.History;
using Veltrix.Configuration.Rollouts;

var builder = WebApplication.CreateBuilder(args);
builder.AddServiceDefaults();

// Thousands of watchers and reports, and no handler that blocks: a change of threads costs more than what it would protect.
builder.WebHost.UseSockets(options => options.UnsafePreferInlineScheduling = true);
builder.AddConfigurationStore();
builder.Services.AddSingleton<CurrentVersion>();
builder.Services.AddFleet();
builder.Services.AddSingleton<Watchers>();
builder.Services.AddHostedService(services => services.GetRequiredService<Watchers>());
builder.Services.AddSingleton<VersionFeed>();
builder.Services.AddHostedService(services => services.GetRequiredService<VersionFeed>());
builder.AddDiagnoses();
builder.Services.AddActs();
builder.Services.AddRollouts();
builder.Services.AddSingleton<ChainState>();
builder.Services.AddScoped<ChainVerifier>();
builder.Services.AddOptions<HistoryOptions>().BindConfiguration(HistoryOptions.Section);
builder.Services.AddHostedService<Verification>();
builder.Services.AddHealthChecks().AddCheck<StoreHealthCheck>("configuration").AddCheck<ChainHealthCheck>("history");
builder.Services.AddOptions<WatchOptions>().BindConfiguration(WatchOptions.Section);
builder.Services.AddOptions<FeedOptions>().BindConfiguration(FeedOptions.Section);
builder.Services.ConfigureHttpJsonOptions(options =>
{
    options.SerializerOptions.TypeInfoResolverChain.Insert(0, ConfigurationJson.Default);
    options.SerializerOptions.TypeInfoResolverChain.Insert(1, HistoryJson.Default);
    options.SerializerOptions.TypeInfoResolverChain.Insert(2, RolloutJson.Default);
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
app.MapRollouts();
await app.RunUntilStoppedAsync();
