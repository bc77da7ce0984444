using Veltrix.Ingest;
using Veltrix.Ingest.Admission;
using Veltrix.Ingest.Kafka;
using Veltrix.Ingest.Routing;
using Veltrix.ServiceDefaults.Configuration;

var builder = WebApplication.CreateBuilder(args);
builder.AddServiceDefaults();
builder.AddPlatformConfiguration();
builder.AddEventLog();
builder.Services.AddSingleton<InFlightBudget>();
builder.Services.AddSingleton<DrainDeadline>();
builder.Services.AddSingleton<Routes>();
builder.Services.AddSingleton<IngestMetrics>();
builder.Services.AddSingleton<EventsEndpoint>();

var app = builder.Build();
EventsEndpoint.Map(app);
app.MapDefaultEndpoints();
var guard = app.Services.GetRequiredService<ProducerGuard>();
await app.RunUntilStoppedAsync();
return guard.ExitCode;
