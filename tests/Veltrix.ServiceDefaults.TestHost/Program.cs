// A service of nothing but the defaults, for tests that need a process of its own: signals, standard output.
using Microsoft.Extensions.Hosting;
using Veltrix.ServiceDefaults.Configuration;
using Veltrix.ServiceDefaults.Health;
using Veltrix.ServiceDefaults.TestHost;

var builder = WebApplication.CreateBuilder(args);
builder.AddServiceDefaults();
if (builder.Configuration.GetSection("services:config").Exists())
    builder.AddPlatformConfiguration();
if (builder.Configuration["StartsSlowly"] is not null)
    builder.Services.AddHostedService<SlowStart>();
var app = builder.Build();
var files = new List<FileStream>();

app.MapGet(
    "/until-draining",
    async (DrainState drain, HttpResponse response, CancellationToken aborted) =>
    {
        await response.WriteAsync("begun ", aborted);
        await response.Body.FlushAsync(aborted);
        await Task.Delay(Timeout.InfiniteTimeSpan, drain.Draining)
            .ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        await response.WriteAsync("and finished", aborted);
    }
);
app.MapPost(
    "/take-descriptors",
    () =>
    {
        try
        {
            while (true)
                files.Add(File.OpenRead("/dev/null"));
        }
        catch (IOException)
        {
            // That was the last.
        }
    }
);
app.MapPost("/give-descriptors", () => files.ForEach(file => file.Dispose()));
app.MapDefaultEndpoints();
await app.RunUntilStoppedAsync();
